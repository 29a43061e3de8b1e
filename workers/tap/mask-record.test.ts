import { expect, test } from 'vitest';
import { makeSessionId } from '#lib/base/session-id.ts';
import { makeMessage } from '#tests/support/spool-records.ts';
import { MASK, maskRecord } from './mask-record.ts';

const session = makeSessionId();

function masked(payload: string | Uint8Array): { text: string; masked: number } {
  const record = maskRecord(makeMessage(session, 1, payload));
  if (record.kind !== 'message') throw new Error('a message stays a message');
  return { text: Buffer.from(record.payload).toString(), masked: record.masked };
}

test.each([
  [
    'a key of a beta session',
    '{"session":{"client_secret":{"value":"abc","expires_at":1}}}',
    `{"session":{"client_secret":{"value":"${MASK}","expires_at":1}}}`,
    1,
  ],
  ['a secret as text', '{"session":{"client_secret":"abc"}}', `{"session":{"client_secret":"${MASK}"}}`, 1],
  [
    'headers of a tool server, each',
    '{"session":{"tools":[{},{"headers":{"A":"1","B":"2"},"name":"x"}]}}',
    `{"session":{"tools":[{},{"headers":{"A":"${MASK}","B":"${MASK}"},"name":"x"}]}}`,
    2,
  ],
  [
    'a secret with escapes and white space',
    '{ "response" : { "tools" : [ { "authorization" : "a\\"}\\\\" } ] } }',
    `{ "response" : { "tools" : [ { "authorization" : "${MASK}" } ] } }`,
    1,
  ],
  [
    'a key written with escapes',
    '{"session":{"client_secret":{"v\\u0061lue":"abc"}}}',
    `{"session":{"client_secret":{"v\\u0061lue":"${MASK}"}}}`,
    1,
  ],
  [
    'a credential in running text',
    '{"text":"my key is sk-proj-ABCDEFGHIJKLMNOP1234, keep it"}',
    `{"text":"my key is ${MASK}, keep it"}`,
    1,
  ],
  [
    'what comes before the break in broken JSON',
    '{"session":{"client_secret":{"value":"abc"}},',
    `{"session":{"client_secret":{"value":"${MASK}"}},`,
    1,
  ],
  ['a secret behind the break in broken JSON', '{"a" "authorization":"abc"}', `{"a" "authorization":"${MASK}"}`, 1],
])('%s is masked, and nothing else changes', (_what, payload, expected, count) => {
  expect(masked(payload)).toEqual({ text: expected, masked: count });
});

test.each([
  '{"session":{"instructions":"the authorization desk"}}',
  '{"type":"task-force","text":"a risk-free desk_clerk_works_overtime_again"}',
  '{"session":{"tools":[{"authorization":null,"headers":{"n":1}}]}}',
  '{"headers":{"x":"not a tool"}}',
  'authorization',
  '',
])('%s is left alone', (payload) => {
  const message = makeMessage(session, 1, payload);
  expect(maskRecord(message)).toBe(message);
});

test('bytes that are not UTF-8 survive around a mask', () => {
  const payload = Buffer.concat([
    Buffer.from('{"session":{"client_secret":"abc","x":"'),
    Buffer.from([0xff, 0x00, 0xc3]),
    Buffer.from('"}}'),
  ]);
  const record = maskRecord(makeMessage(session, 1, payload));
  const expected = Buffer.concat([
    Buffer.from(`{"session":{"client_secret":"${MASK}","x":"`),
    Buffer.from([0xff, 0x00, 0xc3]),
    Buffer.from('"}}'),
  ]);
  expect(record.kind === 'message' && Buffer.compare(record.payload, expected)).toBe(0);
});

test('deep nesting and very long strings neither end the thread nor hide a secret', () => {
  const deep = `${'['.repeat(200_000)}"authorization"${']'.repeat(200_000)}`;
  expect(masked(deep).masked).toBe(0);
  const long = `{"audio":"${'A'.repeat(20 * 1024 ** 2)}","session":{"client_secret":"abc"}}`;
  expect(masked(long)).toMatchObject({ masked: 1 });
});

test('a refusal’s body is searched for credentials too', () => {
  const end = {
    how: 'refused',
    by: 'server',
    code: null,
    reason: null,
    httpStatus: 401,
    detail: 'wrong: sk-ABCDEFGHIJKLMNOPQRST',
  } as const;
  expect(maskRecord({ kind: 'session_close', sessionId: session, at: null, end })).toMatchObject({
    end: { detail: `wrong: ${MASK}` },
  });
});
