import { createHash } from 'node:crypto';

/**
 * What typed columns can hold, whatever arrived: text without NUL and lone surrogates, ids and types of a length that an index
 * takes, numbers in the range of their column. Columns are an index over the message; the message itself is never touched.
 */

/** Longest id or event type that a column keeps. */
export const LONGEST_KEY = 200;

/** Longest text of a view (transcript, arguments, output): far above any real one, far below PostgreSQL's 1 GB. */
export const LONGEST_TEXT = 16 * 1024 ** 2;

const LARGEST_INT4 = 2_147_483_647;

/** Microseconds of the year 9999: inside both PostgreSQL's range and what clients can print. */
const LATEST_US = 253_402_300_799_000_000;
const EARLIEST_US = -62_135_596_800_000_000;

const MARK_OF_NUL = '␀';
const REPLACEMENT_LENGTH = 16;

/** Text as a column takes it: NUL becomes `␀`, a lone surrogate `�`; cut at `longest` UTF-16 units. */
export function cleanText(text: string, longest: number = LONGEST_TEXT): string {
  const whole = text.includes('\0') ? text.replaceAll('\0', MARK_OF_NUL) : text;
  const short = whole.length > longest ? whole.slice(0, longest) : whole;
  return short.isWellFormed() ? short : short.toWellFormed();
}

/** `cleanText`, for columns that may be null. */
export function cleanTextOrNull(text: string | null): string | null {
  return text === null ? null : cleanText(text);
}

/**
 * An id or type as a key: at most `LONGEST_KEY` characters. A longer one ends in a digest of the whole, so that two different
 * long ids stay different.
 */
export function cleanKey(key: string): string {
  if (key.length <= LONGEST_KEY) return cleanText(key);
  const digest = createHash('sha256').update(key).digest('hex').slice(0, REPLACEMENT_LENGTH);
  return `${cleanText(key, LONGEST_KEY - REPLACEMENT_LENGTH - 1)}~${digest}`;
}

/** `cleanKey`, for columns that may be null. */
export function cleanKeyOrNull(key: string | null): string | null {
  return key === null ? null : cleanKey(key);
}

/** A whole number that fits an `integer` column; what is beyond stays at the limit, what is no number becomes 0. */
export function cleanInt(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-LARGEST_INT4, Math.min(LARGEST_INT4, Math.trunc(value)));
}

/** `cleanInt`, for columns that may be null; what is no number becomes null. */
export function cleanIntOrNull(value: number | null): number | null {
  return value === null || Number.isNaN(value) ? null : cleanInt(value);
}

/** A finite number, or null: JSON has no other, and no page could show one. */
export function cleanFloatOrNull(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : value;
}

/** Wall microseconds that a timestamp column takes, or null. */
export function cleanMicrosOrNull(at: number | null): number | null {
  if (at === null || !Number.isFinite(at) || at < EARLIEST_US || at > LATEST_US) return null;
  return Math.trunc(at);
}
