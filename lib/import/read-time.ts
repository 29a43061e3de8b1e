import { fromIsoTime } from '#lib/base/wall-time.ts';
import type { ImportedTime } from './imported-message.ts';

/** Milliseconds below this (1973) cannot be wall times of a realtime API: they count from a start of their own. */
const FIRST_WALL_MS = 100_000_000_000;

/**
 * Reads a time of a log: milliseconds since 1970, milliseconds since some start, or ISO 8601 text.
 * Anything else is no time: times are never invented.
 */
export function readTime(value: unknown): ImportedTime | null {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 8.64e15) {
    return { clock: value >= FIRST_WALL_MS ? 'wall' : 'relative', micros: Math.round(value * 1000) };
  }
  const micros = typeof value === 'string' ? fromIsoTime(value) : null;
  return micros === null ? null : { clock: 'wall', micros };
}
