import { expect, test } from 'vitest';
import { makeSessionId } from '#lib/base/session-id.ts';
import { makeMessage } from '#tests/support/spool-records.ts';
import { dropAudio } from './drop-audio.ts';

const session = makeSessionId();
const base64 = Buffer.alloc(3000, 7).toString('base64');

test.each([
  [
    'an audio delta',
    `{"type":"response.output_audio.delta","delta":"${base64}"}`,
    '{"type":"response.output_audio.delta","delta":""}',
  ],
  [
    'an append',
    `{"type":"input_audio_buffer.append", "audio": "${base64}"}`,
    '{"type":"input_audio_buffer.append", "audio": ""}',
  ],
  ['escaped slashes', `{"delta":"${'\\/'.repeat(400)}"}`, '{"delta":""}'],
  [
    'audio in an item',
    `{"item":{"content":[{"audio":"${base64}","transcript":"é"}]}}`,
    '{"item":{"content":[{"audio":"","transcript":"é"}]}}',
  ],
])('empties the audio of %s and marks it', (_name, payload, expected) => {
  const dropped = dropAudio(makeMessage(session, 1, payload));
  expect(Buffer.from(dropped.payload).toString()).toBe(expected);
  expect(dropped).toMatchObject({ audioDropped: true, wireBytes: Buffer.byteLength(payload) });
});

test.each([
  ['a text delta', `{"type":"response.output_text.delta","delta":"${'some words, '.repeat(100)}"}`],
  ['a short delta', '{"delta":"AAAA"}'],
  ['a message that is not JSON', 'x'.repeat(5000)],
])('leaves %s as it is', (_name, payload) => {
  const message = makeMessage(session, 1, payload);
  expect(dropAudio(message)).toBe(message);
});

test('leaves a binary message as it is', () => {
  const message = { ...makeMessage(session, 1, `{"delta":"${base64}"}`), format: 'binary' as const };
  expect(dropAudio(message)).toBe(message);
});
