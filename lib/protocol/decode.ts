import type { ErrorCode } from '#lib/base/errors.ts';
import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject, stringAt } from '#lib/base/json.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { findEntry, findEntryInGroup, groupOf } from './catalogue.ts';
import type { EntryKeys } from './catalogue-entry.ts';
import type { Dialect } from './dialect.ts';
import { foreignType } from './foreign-envelope.ts';
import { nestsTooDeep } from './nesting.ts';
import { readIndex, readText } from './path.ts';

/**
 * Text of the wire → event. The one place that knows envelopes; everything behind it works with `DecodedEvent`.
 * It never throws: what cannot be read is `Undecoded` with a code, and the message is stored all the same.
 */

/** The ids that tie an event to others; empty texts and values of another type count as absent. */
export interface EventKeys {
  readonly eventId: string | null;
  readonly responseId: string | null;
  readonly itemId: string | null;
  readonly callId: string | null;
  readonly outputIndex: number | null;
  /** Position within the item: content part, summary part or shell command. */
  readonly contentIndex: number | null;
}

/** A message that is an event; `entry` is null for a type that the catalogue does not know. */
export interface DecodedEvent {
  readonly ok: true;
  /** As it stood on the wire. */
  readonly type: string;
  /** The current name of that type in its dialect. */
  readonly canonicalType: string;
  readonly entry: CatalogueEntry | null;
  readonly body: JsonObject;
  readonly keys: EventKeys;
}

/** A message that could not be read as an event. */
export interface Undecoded {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly detail: string;
}

export type Decoded = DecodedEvent | Undecoded;

/** Reads one text message. `dialect` decides what a name means; with `unknown` each event is judged by itself. */
export function decode(text: string, dialect: Dialect): Decoded {
  if (nestsTooDeep(text)) return { ok: false, code: 'DS_PROTOCOL_TOO_DEEP', detail: 'The message nests deeper than 200 levels.' };
  const body = parse(text);
  if (body === undefined) return { ok: false, code: 'DS_PROTOCOL_NOT_JSON', detail: `Not JSON: ${text.length} characters.` };
  return decodeBody(body, dialect);
}

/** Reads a message that was parsed already, e.g. by an importer. Its depth is the caller's concern. */
export function decodeBody(body: Json, dialect: Dialect): Decoded {
  if (!isJsonObject(body)) return { ok: false, code: 'DS_PROTOCOL_NOT_OBJECT', detail: `Not an object: ${nameOf(body)}` };
  const type = body['type'];
  const name = typeof type === 'string' ? withoutBlanks(type) : '';
  if (typeof type !== 'string' || name === '') return decodeForeign(body, dialect);
  const entry = entryOf(body, name, dialect);
  return {
    ok: true,
    type,
    canonicalType: entry === null ? name : entry.canonicalType,
    entry,
    body,
    keys: readKeys(body, entry === null ? ANY_KEYS : entry.keys),
  };
}

/** Envelopes without `type` (Twilio, Gemini Live, Nova Sonic) name the event elsewhere. */
function decodeForeign(body: JsonObject, dialect: Dialect): Decoded {
  const foreign = foreignType(body, dialect);
  if (foreign === null) return { ok: false, code: 'DS_PROTOCOL_NO_TYPE', detail: 'The object has no text "type".' };
  const entry = findEntryInGroup(foreign.group, foreign.type);
  const keys = readKeys(body, entry === null ? ANY_KEYS : entry.keys);
  return { ok: true, type: foreign.type, canonicalType: entry?.canonicalType ?? foreign.type, entry, body, keys };
}

/** Where an unknown event most likely names what it belongs to. */
const ANY_KEYS: EntryKeys = {
  event: [['event_id']],
  response: [['response_id'], ['response', 'id']],
  item: [['item_id'], ['item', 'id']],
  call: [['call_id'], ['item', 'call_id']],
  outputIndex: [['output_index']],
  contentIndex: [['content_index']],
};

/** OpenAI's documented example of the DTMF event begins with a blank. Trims only where there is something to trim. */
function withoutBlanks(type: string): string {
  return type.charCodeAt(0) <= 32 || type.charCodeAt(type.length - 1) <= 32 ? type.trim() : type;
}

function entryOf(body: JsonObject, name: string, dialect: Dialect): CatalogueEntry | null {
  const group = groupOf(dialect) ?? guessGroup(body);
  const entry = findEntryInGroup(group, name);
  return entry !== null || dialect !== 'unknown' ? entry : findEntry('unknown', name);
}

/**
 * Realtime and Responses share names: only Responses events are numbered, and none of them has an `event_id`. Those of
 * early 2025 were not numbered yet; their response says what it is.
 */
function guessGroup(body: JsonObject): 'responses' | 'realtime' {
  if (typeof body['event_id'] === 'string') return 'realtime';
  const isResponses = typeof body['sequence_number'] === 'number' || stringAt(body['response'], 'object') === 'response';
  return isResponses ? 'responses' : 'realtime';
}

function readKeys(body: JsonObject, keys: EntryKeys): EventKeys {
  return {
    eventId: readText(body, keys.event),
    responseId: readText(body, keys.response),
    itemId: readText(body, keys.item),
    callId: readText(body, keys.call),
    outputIndex: readIndex(body, keys.outputIndex),
    contentIndex: readIndex(body, keys.contentIndex),
  };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function nameOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
