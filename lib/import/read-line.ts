import type { Direction } from '#lib/base/direction.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { isJsonObject, stringAt } from '#lib/base/json.ts';
import type { ImportedMessage } from './imported-message.ts';
import { memberSpans } from './json-span.ts';
import { readTime } from './read-time.ts';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  client: 'client_to_server',
  client_to_server: 'client_to_server',
  server: 'server_to_client',
  server_to_client: 'server_to_client',
};

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads one line of NDJSON. A `{t, dir, event}` frame gives the exact source text of its `event`; any other JSON object is an event
 * itself; a line that is neither is kept whole as an unreadable message, with the problem named.
 */
export function readLine(line: Uint8Array): ImportedMessage {
  const text = decodeUtf8(line);
  if (text === null) return unreadable(line, 'The line is not valid UTF-8.');
  return readText(text);
}

/** The same for a piece of text that was cut out of a larger document. */
export function readText(text: string): ImportedMessage {
  const parsed = parseObject(text);
  if (typeof parsed === 'string') return unreadable(Buffer.from(text), parsed);
  if (isFrame(parsed)) return readFrame(text, parsed);
  return { payload: Buffer.from(text.trim()), format: 'text', direction: 'unknown', time: null, problem: null };
}

/** Whether an object is the frame of an event rather than an event: events have a `type`, frames hold one that has. */
function isFrame(value: JsonObject): boolean {
  if (!('event' in value) || typeof value['type'] === 'string') return false;
  return 'dir' in value || 't' in value || stringAt(value['event'], 'type') !== undefined;
}

function readFrame(text: string, frame: JsonObject): ImportedMessage {
  const span = memberSpans(text).get('event');
  const payload = span === undefined ? text : text.slice(span.start, span.end);
  const dir = frame['dir'];
  return {
    payload: Buffer.from(payload),
    format: 'text',
    direction: (typeof dir === 'string' && Object.hasOwn(DIRECTIONS, dir) && DIRECTIONS[dir]) || 'unknown',
    time: readTime(frame['t']),
    problem: null,
  };
}

function unreadable(payload: Uint8Array, detail: string): ImportedMessage {
  const problem = { code: 'DS_IMPORT_LINE_UNREADABLE', detail } as const;
  return { payload, format: 'text', direction: 'unknown', time: null, problem };
}

/** The object that a text holds, or a sentence why it holds none. */
function parseObject(text: string): JsonObject | string {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : 'The line is JSON, but not an object.';
  } catch {
    return 'The line is not JSON.';
  }
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}
