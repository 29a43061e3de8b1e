import type { Direction } from '#lib/base/direction.ts';
import { decode } from '#lib/protocol/decode.ts';

/**
 * Who sent an event, where only its name can tell: the catalogue knows which party sends it.
 * Unknown for names that the catalogue lacks and for what is no event.
 */
export function guessDirection(payload: Uint8Array): Direction {
  const decoded = decode(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8'), 'unknown');
  const direction = decoded.ok ? decoded.entry?.direction : undefined;
  return direction === undefined || direction === 'both' ? 'unknown' : direction;
}
