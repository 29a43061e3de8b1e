import type { WallMicros } from './brand.ts';

const PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?Z$/;

/** Wall time as ISO 8601 in UTC with six digits of fraction: `2026-11-21T02:04:20.000125Z`. */
export function formatIsoMicros(at: WallMicros): string {
  const micros = ((at % 1_000_000) + 1_000_000) % 1_000_000;
  const seconds = new Date((at - micros) / 1000).toISOString().slice(0, -5);
  return `${seconds}.${String(micros).padStart(6, '0')}Z`;
}

/** Reads back what `formatIsoMicros` wrote, also with fewer digits; null where the text is no such time. */
export function parseIsoMicros(text: string): WallMicros | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const seconds = Date.parse(`${text.slice(0, 19)}Z`);
  if (Number.isNaN(seconds)) return null;
  const fraction = (match[1] ?? '').slice(0, 6).padEnd(6, '0');
  return (seconds * 1000 + Number(fraction)) as WallMicros;
}
