import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { findSession } from '#lib/store/find-session.ts';
import { readStoredEvents } from '#lib/store/read-event.ts';
import { makeRecorderRoom } from '#tests/support/recorder-room.ts';
import { drainFolder, Script, textResponse } from '#tests/support/recording.ts';

const room = makeRecorderRoom('events');

const drain = () => drainFolder(room.store, room.folder, { spool: room.spool });

test('a session in the spool becomes a session, its events and what was folded from them', async () => {
  const script = new Script();
  const records = [script.open(), ...textResponse(script, 'resp_1', 5), script.close()];
  room.writer.append(records);
  await drain();
  const session = await findSession(room.store, script.id);
  expect(session).toMatchObject({
    status: 'ended',
    lastSeq: script.seq,
    closeCode: 1000,
    model: 'gpt-realtime',
    tags: { test: 'yes' },
  });
  expect(session?.counts).toMatchObject({ events: script.seq, responses: 1, completed: 1, lost: 0 });
  const events = await readStoredEvents(room.store, { sessionId: script.id, after: 0, limit: 100 });
  expect(events.map((event) => event.row.seq)).toEqual(Array.from({ length: script.seq }, (_, index) => index + 1));
  const sent = records.filter((record) => record.kind === 'message');
  expect(events.map((event) => Buffer.from(event.payload).toString())).toEqual(
    sent.map((record) => Buffer.from(record.payload).toString()),
  );
  expect(events.every((event) => event.isIntact)).toBe(true);
  const items = await room.store.item.findMany({ where: { sessionId: script.id } });
  expect(items.map((item) => item.text)).toEqual(['word0 word1 word2 word3 word4 ']);
  expect(await room.store.sessionCheckpoint.count()).toBe(0);
});

test('audio leaves the row as bytes and comes back as the exact message', async () => {
  const script = new Script();
  const audio = randomBytes(9000).toString('base64');
  const keys = { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 };
  const before = script.server({ type: 'response.output_audio.delta', delta: audio, ...keys });
  const behindAccents = script.server({ type: 'response.output_audio.delta', note: 'é – 音', ...keys, delta: audio });
  const escaped = script.server(`{"type":"response.output_audio.delta","delta":"${audio.replaceAll('/', '\\/')}/"}`);
  const loose = script.server(`{"type":"response.output_audio.delta","delta":"${'A'.repeat(399)}B=="}`);
  const sent = [before, behindAccents, escaped, loose];
  room.writer.append([script.open(), ...sent, script.close()]);
  await drain();
  const events = await readStoredEvents(room.store, { sessionId: script.id, after: 0, limit: 10 });
  expect(events.map((event) => sha256(event.payload))).toEqual(sent.map((record) => sha256(record.payload)));
  expect(events.map((event) => event.isIntact)).toEqual([true, true, true, true]);
  expect(await room.store.eventAudio.count({ where: { sessionId: script.id } })).toBe(2);
  expect(events.slice(0, 2).map((event) => event.row.audioBytes)).toEqual([9000, 9000]);
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
