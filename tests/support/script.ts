import type { Direction } from '#lib/base/direction.ts';
import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';

/** One message of a drawn session. */
export interface ScriptLine {
  /** Milliseconds since the session began; null for `-`. */
  readonly ms: number | null;
  readonly direction: Direction;
  readonly event: JsonObject;
}

/**
 * A session drawn as text, one message a line: time in ms (or `-`), direction, type, then what it belongs to and holds:
 *
 *     0    c>s  response.create              e1
 *     40   s>c  response.created             r1
 *     90   s>c  response.output_text.delta   r1 i1 delta=Hi
 *     120  s>c  response.done                r1 {"response":{"status":"completed"}}
 *
 * `r1` `i1` `c1` `e1` are response, item, call and event ids, put where that type keeps them; `key=value` is a field
 * (numbers and `null` as such); a JSON object at the end is merged over all. Empty lines and `#` comments are skipped.
 */
export function script(text: string): ScriptLine[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseLine);
}

const DIRECTIONS: Readonly<Record<string, Direction>> = { 'c>s': 'client_to_server', 's>c': 'server_to_client', '?': 'unknown' };

function parseLine(line: string): ScriptLine {
  const found = /^(-|\d+(?:\.\d+)?)\s+(c>s|s>c|\?)\s+(\S+)\s*([^{]*?)\s*(\{.*\})?$/.exec(line);
  if (found === null) throw new Error(`Not a line of a script: ${line}`);
  const [, ms = '-', direction = '?', type = '', words = '', json] = found;
  let event: JsonObject = { type };
  for (const word of words.split(/\s+/).filter((part) => part !== '')) event = merge(event, wordOf(type, word));
  if (json !== undefined) event = merge(event, JSON.parse(json) as JsonObject);
  return { ms: ms === '-' ? null : Number(ms), direction: DIRECTIONS[direction] ?? 'unknown', event };
}

function wordOf(type: string, word: string): JsonObject {
  const equals = word.indexOf('=');
  if (equals > 0) return { [word.slice(0, equals)]: literalOf(word.slice(equals + 1)) };
  const kind = word[0];
  if (kind === 'e') return { event_id: `event_${word}` };
  if (kind === 'r') return isWhole(type) ? { response: { id: `resp_${word}` } } : { response_id: `resp_${word}` };
  if (kind === 'i') return holdsItem(type) ? { item: { id: `item_${word}` } } : { item_id: `item_${word}` };
  if (kind === 'c') return holdsItem(type) ? { item: { call_id: `call_${word}` } } : { call_id: `call_${word}` };
  throw new Error(`Not a word of a script: ${word}`);
}

function isWhole(type: string): boolean {
  return /^response\.(created|queued|in_progress|done|completed|incomplete|failed|cancelled)$/.test(type);
}

function holdsItem(type: string): boolean {
  return /^(conversation\.item\.(create|created|added|done|retrieved)|response\.output_item\.(added|done))$/.test(type);
}

function literalOf(text: string): Json {
  return /^(-?\d+(\.\d+)?|null|true|false)$/.test(text) ? (JSON.parse(text) as Json) : text;
}

function merge(base: JsonObject, over: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const known = merged[key];
    merged[key] = isJsonObject(known) && isJsonObject(value) ? merge(known, value) : value;
  }
  return merged;
}
