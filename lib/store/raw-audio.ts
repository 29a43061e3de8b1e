import { isAscii } from 'node:buffer';

/**
 * The audio of a message is kept as bytes beside the row, its base64 cut out of the text: a third less to store, and lists read
 * rows without it. It leaves the row only where putting it back gives the exact message again.
 */

/** Base64 shorter than this stays in the text: a row of its own would cost more. */
const SHORTEST_CUT = 128;

/** A message in two parts. */
export interface CutMessage {
  /** The message's UTF-8 bytes without the base64. */
  readonly rest: Uint8Array;
  /** Character (UTF-16 unit) of the rest where the base64 belongs. */
  readonly offset: number;
  readonly audio: Uint8Array;
}

/**
 * Cuts the audio out of a message; null where that would not be exact: the base64 is not canonical, or stands escaped in the
 * text, or is too short to be worth it.
 * @param payload the message's bytes, valid UTF-8
 * @param text the same, decoded
 * @param base64 the audio as found in the parsed message
 */
export function cutAudio(payload: Uint8Array, text: string, base64: string): CutMessage | null {
  if (base64.length < SHORTEST_CUT) return null;
  const offset = text.indexOf(base64);
  if (offset < 0) return null;
  const audio = Buffer.from(base64, 'base64');
  if (audio.toString('base64') !== base64) return null;
  const start = isAscii(payload) ? offset : Buffer.byteLength(text.slice(0, offset));
  const rest = Buffer.allocUnsafe(payload.length - base64.length);
  rest.set(payload.subarray(0, start), 0);
  rest.set(payload.subarray(start + base64.length), start);
  return { rest, offset, audio };
}

/** Puts a message together again: the exact text that `cutAudio` took apart. */
export function joinAudio(rest: string, offset: number, audio: Uint8Array): Buffer {
  return Buffer.from(`${rest.slice(0, offset)}${Buffer.from(audio).toString('base64')}${rest.slice(offset)}`);
}
