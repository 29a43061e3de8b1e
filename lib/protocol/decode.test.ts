import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';
import { audioFieldOf } from './audio.ts';
import { allEntries } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import type { Decoded } from './decode.ts';
import { decode, decodeBody } from './decode.ts';
import type { Dialect } from './dialect.ts';
import { deltaText, doneText, familyKey, pairOf, streamOf } from './families.ts';
import { renderNote } from './note.ts';
import { sniffDialect } from './sniff-dialect.ts';
import { readUsage } from './usage.ts';

const DIALECTS: readonly Dialect[] = [
  'unknown',
  'realtime-ga',
  'realtime-beta',
  'translation',
  'live',
  'responses',
  'vllm',
  'twilio',
  'gemini-live',
  'nova-sonic',
];

function codeOf(text: string): string {
  const decoded = decode(text, 'realtime-ga');
  return decoded.ok ? 'ok' : decoded.code;
}

describe('a message that is no event becomes a value with a code', () => {
  test.each([
    ['', 'DS_PROTOCOL_NOT_JSON'],
    ['hello', 'DS_PROTOCOL_NOT_JSON'],
    ['{"type":"error"', 'DS_PROTOCOL_NOT_JSON'],
    ['{"type":"error"}\u0000', 'DS_PROTOCOL_NOT_JSON'],
    ['\ufeff{"type":"error"}', 'DS_PROTOCOL_NOT_JSON'],
    ['null', 'DS_PROTOCOL_NOT_OBJECT'],
    ['[{"type":"error"}]', 'DS_PROTOCOL_NOT_OBJECT'],
    ['"error"', 'DS_PROTOCOL_NOT_OBJECT'],
    ['1e200000', 'DS_PROTOCOL_NOT_OBJECT'],
    ['{}', 'DS_PROTOCOL_NO_TYPE'],
    ['{"type":7}', 'DS_PROTOCOL_NO_TYPE'],
    ['{"type":""}', 'DS_PROTOCOL_NO_TYPE'],
    ['{"type":" \\n"}', 'DS_PROTOCOL_NO_TYPE'],
    ['{"type":["error"]}', 'DS_PROTOCOL_NO_TYPE'],
    ['{"__proto__":{"type":"error"}}', 'DS_PROTOCOL_NO_TYPE'],
  ])('%j: %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  test('200 levels are read, one more is too deep', () => {
    const nested = (levels: number) => `{"type":"error","x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect(codeOf(nested(200))).toBe('ok');
    expect(codeOf(nested(201))).toBe('DS_PROTOCOL_TOO_DEEP');
    expect(codeOf(`{"type":"error","x":${'{"y":'.repeat(100_000)}1${'}'.repeat(100_000)}}`)).toBe('DS_PROTOCOL_TOO_DEEP');
  });

  test('brackets inside texts, and many side by side, are no depth', () => {
    expect(codeOf(JSON.stringify({ type: 'error', text: `${'['.repeat(5000)}\\"${'{'.repeat(5000)}\\` }))).toBe('ok');
    expect(codeOf(JSON.stringify({ type: 'error', list: Array.from({ length: 5000 }, () => [{}]) }))).toBe('ok');
  });
});

describe('the keys of an event', () => {
  test('are found where the catalogue says', () => {
    const decoded = decode(
      '{"type":"response.output_item.done","event_id":"event_1","response_id":"resp_1","output_index":2,"item":{"id":"item_1","call_id":"call_1"}}',
      'realtime-ga',
    );
    expect(decoded.ok && decoded.keys).toEqual({
      eventId: 'event_1',
      responseId: 'resp_1',
      itemId: 'item_1',
      callId: 'call_1',
      outputIndex: 2,
      contentIndex: null,
    });
  });

  test('are found by habit in an event that nobody has described', () => {
    const decoded = decode(
      '{"type":"response.new_thing.delta","event_id":"e","response":{"id":"r"},"item_id":"i","call_id":"c","content_index":1}',
      'unknown',
    );
    expect(decoded.ok && decoded.entry).toBeNull();
    expect(decoded.ok && decoded.keys).toEqual({
      eventId: 'e',
      responseId: 'r',
      itemId: 'i',
      callId: 'c',
      outputIndex: null,
      contentIndex: 1,
    });
  });

  test('of another type, empty or out of range count as absent', () => {
    const text =
      '{"type":"response.output_text.delta","event_id":7,"response_id":{},"item_id":"","output_index":1e200000,"content_index":-1}';
    const decoded = decode(text, 'realtime-ga');
    expect(decoded.ok && Object.values(decoded.keys)).toEqual([null, null, null, null, null, null]);
    const fraction = decode('{"type":"response.output_text.delta","output_index":0.5,"content_index":2147483648}', 'realtime-ga');
    expect(fraction.ok && [fraction.keys.outputIndex, fraction.keys.contentIndex]).toEqual([null, null]);
  });

  test('may be huge, or hold a NUL or half a surrogate pair: they are handed on as they came', () => {
    const id = `${'x'.repeat(1_000_000)}\u0000\ud800`;
    const decoded = decode(JSON.stringify({ type: 'response.cancel', response_id: id }), 'realtime-ga');
    expect(decoded.ok && decoded.keys.responseId).toBe(id);
  });
});

describe('the canonical name', () => {
  test('is the GA name in the realtime dialects and the own name in Responses', () => {
    const canonical = (dialect: Dialect, body: JsonObject) => {
      const decoded = decodeBody(body, dialect);
      return decoded.ok ? decoded.canonicalType : decoded.code;
    };
    expect(canonical('realtime-beta', { type: 'response.audio.delta' })).toBe('response.output_audio.delta');
    expect(canonical('responses', { type: 'response.audio.delta' })).toBe('response.audio.delta');
    expect(canonical('unknown', { type: 'response.audio.delta', event_id: 'e' })).toBe('response.output_audio.delta');
    expect(canonical('unknown', { type: 'response.audio.delta', sequence_number: 3 })).toBe('response.audio.delta');
    // Voice Live numbers its search events; its event ids tell them from Responses.
    expect(canonical('unknown', { type: 'response.audio.delta', sequence_number: 3, event_id: 'e' })).toBe(
      'response.output_audio.delta',
    );
  });

  test('is looked up without blanks around it, while the raw type stays', () => {
    const decoded = decode('{"type":" input_audio_buffer.dtmf_event_received","event":"9"}', 'realtime-ga');
    expect(decoded.ok && [decoded.type, decoded.canonicalType, decoded.entry?.lane]).toEqual([
      ' input_audio_buffer.dtmf_event_received',
      'input_audio_buffer.dtmf_event_received',
      'input',
    ]);
  });
});

describe('envelopes without type', () => {
  test.each([
    ['{"event":"media","streamSid":"MZ1","media":{"payload":"AAAA"}}', 'twilio', 'media'],
    ['{"event":"connected","protocol":"Call"}', 'twilio', 'connected'],
    ['{"serverContent":{"turnComplete":true},"usageMetadata":{}}', 'gemini-live', 'serverContent'],
    ['{"event":{"completionStart":{}}}', 'nova-sonic', 'completionStart'],
  ])('%s is of %s', (text, group, type) => {
    const decoded = decode(text, 'unknown');
    expect(decoded.ok && [decoded.entry?.group, decoded.type]).toEqual([group, type]);
  });

  test('are not seen in any object with a key "event"', () => {
    expect(codeOf('{"event":"start"}')).toBe('DS_PROTOCOL_NO_TYPE');
    expect(codeOf('{"event":{"anything":1}}')).toBe('DS_PROTOCOL_NO_TYPE');
  });
});

/** Everything that anybody does with a decoded message; none of it may throw. */
function exerciseAll(decoded: Decoded, dialect: Dialect): void {
  audioFieldOf(decoded);
  const note = renderNote(decoded);
  expect(note === null || (note.length <= 160 && note.isWellFormed())).toBe(true);
  sniffDialect({ dialect: 'unknown', provider: 'unknown', settled: false }, decoded);
  if (!decoded.ok) return;
  readUsage(decoded.body, dialect);
  for (const part of [streamOf(decoded), pairOf(decoded)]) {
    if (part === null) continue;
    familyKey(decoded, part.family);
    deltaText(decoded, part.family);
    doneText(decoded, part.family);
  }
}

/** An event of the entry's type with a value, usually of the wrong type, at every path that the catalogue reads. */
function eventWith(entry: CatalogueEntry, values: readonly Json[]): JsonObject {
  const body: JsonObject = {};
  const { keys } = entry;
  const read = [
    keys.event,
    keys.response,
    keys.item,
    keys.call,
    keys.outputIndex,
    keys.contentIndex,
    entry.usage,
    entry.bytes,
  ].flat();
  const paths = [...read, ...entry.fields.map((field) => field.path.split('.'))];
  paths.forEach((path, index) => {
    setAt(body, path, values[index % values.length] ?? null);
  });
  return { ...body, type: entry.type };
}

function setAt(body: JsonObject, path: readonly string[], value: Json): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  const inner = body[head];
  if (rest.length === 0) body[head] = value;
  else if (isJsonObject(inner)) setAt(inner, rest, value);
  else {
    const made: JsonObject = {};
    body[head] = made;
    setAt(made, rest, value);
  }
}

describe('whatever comes, nothing throws', () => {
  test('any text, in any dialect', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), fc.constantFrom(...DIALECTS), (text, dialect) => {
        exerciseAll(decode(text, dialect), dialect);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  test('any value at every path of every event', () => {
    const entries = allEntries();
    fc.assert(
      fc.property(
        fc.constantFrom(...entries),
        fc.array(fc.jsonValue({ maxDepth: 2 }), { minLength: 1, maxLength: 9 }),
        (entry, values) => {
          for (const dialect of DIALECTS) exerciseAll(decodeBody(eventWith(entry, values as Json[]), dialect), dialect);
        },
      ),
      { numRuns: 1500, seed: 2 },
    );
  });

  test('each kind of wrong value at every path of every event', () => {
    const wrong: Json[][] = [
      [null],
      [7],
      [''],
      [true],
      [[]],
      [{}],
      [Number.POSITIVE_INFINITY],
      ['\ud800\u0000'],
      [[[{}], null, 'x']],
      [-1.5],
    ];
    for (const entry of allEntries()) {
      for (const values of wrong) exerciseAll(decodeBody(eventWith(entry, values), 'unknown'), 'unknown');
    }
  });
});
