import type { WallMicros } from '#lib/base/brand.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/base/durations.ts';
import type { CompareField, Comparison, TimeField } from './query.ts';

/**
 * The values of fields that are no words: comparisons and moments. Each reader returns null for what it cannot
 * read; upper and lower case are the same.
 */

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

const COMPARISON = /^(>=|<=|>|<)(\$?)(\d{1,12}(?:\.\d{1,9})?|\.\d{1,9})(ms|s|m|h)?$/;
const AGO = /^(\d{1,6})(s|m|h|d|w)$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?$/;

/** `>60s`, `<=1.5m` (seconds where no unit is given) for a duration, `>0.5` or `>$0.5` for a cost. */
export function readComparison(field: CompareField, value: string): { comparison: Comparison; value: number } | null {
  const [, comparison, dollar, digits, unit] = COMPARISON.exec(value.toLowerCase()) ?? [];
  if (comparison === undefined || digits === undefined) return null;
  if (field === 'cost' ? unit !== undefined : dollar !== '') return null;
  const scale = field === 'cost' ? 1 : (UNIT_MS[unit ?? 's'] ?? 1);
  return { comparison: comparison as Comparison, value: Number(digits) * scale };
}

/**
 * `7d` (ago), `today`, `yesterday`, `2026-11-20`, `2026-11-20T10:00` (UTC unless it says otherwise).
 * A whole day after `until:` includes that day.
 */
export function readMoment(field: TimeField, value: string, nowMs: number): WallMicros | null {
  const lower = value.toLowerCase();
  const ms = readAgo(lower, nowMs) ?? readDay(field, lower, nowMs) ?? readExact(value.toUpperCase());
  return ms === null || !Number.isFinite(ms) || ms < 0 ? null : ((ms * 1000) as WallMicros);
}

function readAgo(value: string, nowMs: number): number | null {
  const [, count, unit] = AGO.exec(value) ?? [];
  return count === undefined || unit === undefined ? null : nowMs - Number(count) * (UNIT_MS[unit] ?? 0);
}

function readDay(field: TimeField, value: string, nowMs: number): number | null {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const start = value === 'today' ? today : value === 'yesterday' ? today - DAY_MS : DAY.test(value) ? readDate(value) : null;
  return start === null ? null : field === 'until' ? start + DAY_MS : start;
}

/** A day that there is: `Date.parse` alone would take the 31st of every month. */
function readDate(value: string): number | null {
  const ms = Date.parse(`${value}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== value ? null : ms;
}

function readExact(value: string): number | null {
  const [, local, zone] = MOMENT.exec(value) ?? [];
  if (local === undefined || readDate(value.slice(0, 10)) === null) return null;
  const ms = Date.parse(`${local}${zone ?? 'Z'}`);
  return Number.isNaN(ms) ? null : ms;
}
