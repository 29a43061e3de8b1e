import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import { toIsoTime } from '#lib/base/wall-time.ts';

/** A row of ours as the API shows it: wall times as ISO 8601 in UTC, to the microsecond. */
export type IsoTimes<Row> = {
  readonly [Key in keyof Row]: WallMicros extends Row[Key]
    ? Exclude<Row[Key], WallMicros> | string
    : Row[Key] extends SessionId
      ? string
      : Row[Key];
};

/** Keys of wall times: `at`, and whatever ends with `At` or `Until`. */
const TIME_KEY = /^at$|Until$|At$/;

/** Turns the wall times of a row to ISO 8601; all else stays as it is. */
export function isoTimes<Row extends object>(row: Row): IsoTimes<Row> {
  const entries = Object.entries(row).map(([key, value]) => [
    key,
    typeof value === 'number' && TIME_KEY.test(key) ? toIsoTime(value as WallMicros) : value,
  ]);
  return Object.fromEntries(entries) as IsoTimes<Row>;
}
