import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { ExportLine, ExportMessage } from './export-format.ts';
import { formatExportLine, isExportHeader, parseExportLine } from './export-format.ts';

const message = (payload: Uint8Array, more: Partial<ExportMessage> = {}): ExportMessage => ({
  kind: 'message',
  seq: 7,
  at: 1_795_313_060_000_125 as WallMicros,
  direction: 'server_to_client',
  frame: 'text',
  payload,
  wireBytes: payload.byteLength,
  masked: false,
  audioDropped: false,
  ...more,
});

const reread = (line: ExportLine) => {
  const text = formatExportLine(line);
  expect(text).not.toMatch(/[\r\n]/);
  const parsed = parseExportLine(text);
  if (!parsed.ok) throw new Error(parsed.detail);
  return parsed.value;
};

/** Buffers and plain byte arrays compare by their bytes. */
const plain = (line: ExportLine) => (line.kind === 'message' ? { ...line, payload: [...line.payload] } : line);

test('an event stands in its line letter for letter', () => {
  const raw = '{ "type" : "a", "n":1.50e2, "s":"\\u00e9", "type":"b" }';
  expect(formatExportLine(message(Buffer.from(raw)))).toBe(
    `{"seq":7,"at":"2026-11-22T02:04:20.000125Z","dir":"server","event":${raw}}`,
  );
});

test.each([
  ['an event', '{"type":"a"}'],
  ['an event printed over lines', '{\n "type":"a"\r\n}'],
  ['an event with space around it', ' {"type":"a"} '],
  ['a text that is not JSON', 'not json \u2028 {'],
  ['JSON that is no object', '[1]'],
  ['a text with NUL', 'a\u0000b'],
  ['a text that begins with a byte order mark', '\ufeff{"type":"a"}'],
  ['an empty text', ''],
])('%s survives export and re-import byte for byte', (_name, raw) => {
  const line = message(Buffer.from(raw));
  expect(plain(reread(line))).toEqual(plain(line));
});

test('any bytes in any frame survive, with what is known of how they were recorded', () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const text = fc.string({ unit: 'binary' }).map((value) => new Uint8Array(Buffer.from(value)));
  const json = fc.json().map((value) => new Uint8Array(Buffer.from(value)));
  const more = fc.record({
    seq: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    at: fc.option(fc.nat().map((micros) => micros as WallMicros)),
    direction: fc.constantFrom('client_to_server', 'server_to_client', 'unknown'),
    frame: fc.constantFrom('text', 'binary'),
    wireBytes: fc.nat(),
    masked: fc.boolean(),
    audioDropped: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.oneof(bytes, text, json), more, (payload, given) => {
      const line = message(payload, given);
      expect(plain(reread(line))).toEqual(plain(line));
    }),
  );
});

test('header, losses and end survive', () => {
  const capture = {
    mode: 'relay',
    transport: 'websocket',
    upstream: 'openai',
    upstreamKind: 'openai',
    path: '/v1/realtime',
    query: { model: 'gpt-realtime' },
    requestHeaders: {},
    responseHeaders: {},
    subprotocol: null,
    tags: { env: 'prod' },
    clock: 'wall',
    source: null,
  } as const;
  const end = { how: 'ended', by: 'client', code: 1000, reason: null, httpStatus: null, detail: null } as const;
  const lines: ExportLine[] = [
    { kind: 'header', sessionId: makeSessionId(), at: null, capture },
    { kind: 'loss', fromSeq: 4, toSeq: 6, at: 5 as WallMicros, bytes: 12, cause: 'spool_full' },
    { kind: 'end', status: 'ended', at: 9 as WallMicros, end, messages: 3 },
    { kind: 'end', status: 'open', at: null, end: null, messages: 0 },
  ];
  for (const line of lines) expect(reread(line)).toEqual(line);
  expect(isExportHeader(formatExportLine(lines[0] as ExportLine))).toBe(true);
  expect(isExportHeader('{"type":"deltascope"}')).toBe(false);
});

test.each([
  ['nothing', ''],
  ['another object', '{"type":"a"}'],
  ['a newer format', '{"deltascope":2,"session":{}}'],
  ['a header without session', '{"deltascope":1}'],
  ['a message without body', '{"seq":1}'],
  ['a message without place', '{"seq":0,"text":"a"}'],
  ['a loss without range', '{"loss":{}}'],
  ['an end without status', '{"end":null}'],
])('%s is not a line of an export', (_name, text) => {
  expect(parseExportLine(text)).toMatchObject({ ok: false, code: 'DS_IMPORT_LINE_UNREADABLE' });
});
