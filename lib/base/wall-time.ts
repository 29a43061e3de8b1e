import type { WallMicros } from './brand.ts';

/** A wall time as ISO 8601 in UTC with all six decimals, e.g. `2026-11-21T09:30:00.123456Z`. */
export function toIsoTime(at: WallMicros): string {
  const ms = Math.floor(at / 1000);
  const belowMs = at - ms * 1000;
  return `${new Date(ms).toISOString().slice(0, -1)}${String(belowMs).padStart(3, '0')}Z`;
}

/** Reads ISO 8601 to the microsecond (`Date` alone would cut the last three digits); null for anything else. */
export function fromIsoTime(text: string): WallMicros | null {
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return null;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return null;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return (Math.floor(ms) * 1000 + Number(fraction.slice(3, 6).padEnd(3, '0'))) as WallMicros;
}
