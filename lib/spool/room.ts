/**
 * How full a spool is. `room`: everything is written. `tight`: new audio payloads are left out, their events stay.
 * `full`: messages are not written; what has no message in it still is, into the reserve.
 * A level is left only well below the mark at which it was entered, so that a spool at the edge does not flap.
 */
export type Room = 'room' | 'tight' | 'full';

const TIGHT_FROM = 0.9;
const TIGHT_UNTIL = 0.85;
const FULL_UNTIL = 0.93;

/** The level at `bytes` of `maxBytes`, coming from `before`. */
export function roomAt(bytes: number, maxBytes: number, before: Room): Room {
  const share = bytes / (maxBytes - reserveOf(maxBytes));
  if (share >= (before === 'full' ? FULL_UNTIL : 1)) return 'full';
  return share >= (before === 'room' ? TIGHT_FROM : TIGHT_UNTIL) ? 'tight' : 'room';
}

/** Bytes kept free for records of beginnings, ends and losses. */
function reserveOf(maxBytes: number): number {
  return Math.min(maxBytes / 16, 8 * 1024 ** 2);
}
