import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { CaptureEnd, CaptureMeta } from '#lib/protocol/capture.ts';
import type { ExportedMessage } from './export-format.ts';
import {
  formatExportedEnd,
  formatExportedMessage,
  formatExportedSession,
  isExportHeader,
  parseExportLine,
} from './export-format.ts';
import { readLine } from './read-line.ts';

const capture: CaptureMeta = {
  mode: 'relay',
  transport: 'websocket',
  upstream: 'openai',
  upstreamKind: 'openai',
  path: '/v1/realtime',
  query: { model: 'gpt-realtime' },
  requestHeaders: {},
  responseHeaders: {},
  subprotocol: 'realtime',
  tags: { env: 'prod' },
  clock: 'wall',
  source: null,
};

const base = {
  seq: 7,
  at: 1_795_253_400_123_456 as WallMicros,
  direction: 'server_to_client',
  masked: false,
  audioDropped: false,
} as const;

function exported(payload: Uint8Array, format: 'text' | 'binary' = 'text'): ExportedMessage {
  let isJsonObject = false;
  try {
    isJsonObject = format === 'text' && JSON.parse(Buffer.from(payload).toString()).constructor === Object;
  } catch {}
  return { ...base, format, payload, isJsonObject, wireBytes: payload.length };
}

function roundTrip(message: ExportedMessage) {
  const line = formatExportedMessage(message);
  expect(line).not.toMatch(/[\r\n]/);
  const back = parseExportLine(line);
  return back?.kind === 'message' ? { ...back.message, payload: Buffer.from(back.message.payload) } : back;
}

test('a session line comes back as it was and is known as the first line of an export', () => {
  const session = { id: '0199a000-0000-7000-8000-000000000001' as SessionId, startedAt: base.at, capture };
  const line = formatExportedSession(session);
  expect(isExportHeader(line)).toBe(true);
  expect(parseExportLine(line)).toEqual({ kind: 'session', session });
});

test('an end comes back as it was; that of a lost session is empty', () => {
  const end: CaptureEnd = { how: 'ended', by: 'server', code: 1001, reason: 'bye', httpStatus: null, detail: null };
  expect(parseExportLine(formatExportedEnd({ at: base.at, end }))).toEqual({ kind: 'end', end: { at: base.at, end } });
  expect(parseExportLine(formatExportedEnd({ at: null, end: null }))).toEqual({ kind: 'end', end: { at: null, end: null } });
});

describe('a message', () => {
  test('stands in its line letter for letter where it is one JSON object on one line', () => {
    const raw = '{"type":"x", "n":1e2}';
    const line = formatExportedMessage(exported(Buffer.from(raw)));
    expect(line).toBe(`{"seq":7,"at":"2026-11-21T09:30:00.123456Z","dir":"server","event":${raw}}`);
    expect(Buffer.from(readLine(Buffer.from(line)).payload).toString()).toBe(raw);
  });

  test.each([
    ['printed over several lines', Buffer.from('{\n"type":"x"\r\n}'), 'text'],
    ['not JSON', Buffer.from('hello \u0000 \u2028'), 'text'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'text'],
    ['binary', Buffer.from([0, 1, 2]), 'binary'],
    ['empty', Buffer.alloc(0), 'text'],
    ['an object between spaces', Buffer.from(' {"type":"x"} '), 'text'],
  ] as const)('that is %s comes back byte for byte', (_, payload, format) => {
    const message = exported(payload, format);
    const { isJsonObject, ...expected } = message;
    expect(roundTrip(message)).toEqual({ ...expected, payload });
  });

  test('whose secrets were masked or audio dropped says so, with its length on the wire', () => {
    const message = { ...exported(Buffer.from('{}')), wireBytes: 99, masked: true, audioDropped: true };
    expect(roundTrip(message)).toMatchObject({ wireBytes: 99, masked: true, audioDropped: true });
  });

  test('of any bytes comes back byte for byte', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => Buffer.from(json)),
        ),
        fc.boolean(),
        (payload, binary) => {
          expect(roundTrip(exported(payload, binary ? 'binary' : 'text'))).toMatchObject({
            payload: Buffer.from(payload),
            seq: 7,
          });
        },
      ),
    );
  });
});

test('a line of something else is none of ours', () => {
  for (const line of [
    '',
    'x',
    '[]',
    '{"type":"session.created"}',
    '{"seq":0,"at":null,"dir":null,"text":""}',
    '{"deltascope":2,"session":{}}',
  ]) {
    expect(parseExportLine(line)).toBeNull();
  }
});
