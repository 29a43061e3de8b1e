import type { JsonObject } from '#lib/base/json.ts';
import type { Decoded } from './decode.ts';
import type { Path } from './path.ts';
import { readPath } from './path.ts';

/** The base64 audio inside an event, and what the event itself says about its encoding. */
export interface AudioField {
  /** Keys and indexes from the event's root to the text. */
  readonly path: readonly string[];
  readonly base64: string;
  /** Whose voice it is. */
  readonly party: 'user' | 'assistant';
  /** Samples per second, if the event says so; otherwise the session's configuration decides. */
  readonly sampleRate: number | null;
}

/** The audio of an event, or null where it has none. The text is not checked to be base64. */
export function audioFieldOf(decoded: Decoded): AudioField | null {
  if (!decoded.ok || decoded.entry === null) return null;
  for (const path of decoded.entry.bytes) {
    const found = textAt(decoded.body, path);
    if (found !== null) {
      const party = decoded.entry.lane === 'audio' ? 'assistant' : 'user';
      return { ...found, party, sampleRate: sampleRateOf(decoded.body) };
    }
  }
  return null;
}

/** How many bytes a base64 text stands for; padding and a missing padding are both understood. */
export function base64Bytes(base64: string): number {
  let end = base64.length;
  while (end > 0 && end > base64.length - 2 && base64.charCodeAt(end - 1) === 61) end -= 1;
  return Math.floor((end * 3) / 4);
}

/** The text at `path` with `*` replaced by the index where it was found. */
function textAt(body: JsonObject, path: Path): { path: Path; base64: string } | null {
  const star = path.indexOf('*');
  if (star === -1) return ofText(path, readPath(body, path));
  const list = readPath(body, path.slice(0, star));
  if (!Array.isArray(list)) return null;
  for (let index = 0; index < list.length; index += 1) {
    const exact = [...path.slice(0, star), String(index), ...path.slice(star + 1)];
    const found = textAt(body, exact);
    if (found !== null) return found;
  }
  return null;
}

function ofText(path: Path, value: unknown): { path: Path; base64: string } | null {
  return typeof value === 'string' && value !== '' ? { path, base64: value } : null;
}

function sampleRateOf(body: JsonObject): number | null {
  const rate = body['sample_rate'];
  return typeof rate === 'number' && Number.isInteger(rate) && rate > 0 ? rate : null;
}
