import { expect, test, vi } from 'vitest';
import { commitBatch, prepareBatch } from '#lib/store/commit-batch.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { readSpoolCursor } from '#lib/store/spool-cursor.ts';
import { classifyFailure } from '#lib/store/store-failure.ts';
import { startCuttingProxy } from '#tests/support/cutting-proxy.ts';
import { makeRecorderRoom } from '#tests/support/recorder-room.ts';
import { drainFolder, recordFolder, Script, textResponse } from '#tests/support/recording.ts';

const room = makeRecorderRoom('fenced');

test('of two recorders on one spool one is fenced out, and every event is stored once', async () => {
  const spool = room.spool;
  const script = new Script();
  room.writer.append([script.open()]);
  const recorders = [recordFolder(room.store, room.folder, { spool }), recordFolder(room.store, room.folder, { spool })];
  const ends = recorders.map((recorder) =>
    recorder.done.then(
      () => null,
      (error) => error,
    ),
  );
  const waiting = Symbol('waiting');
  let fenced: unknown = waiting;
  for (let round = 0; fenced === waiting; round += 1) {
    room.writer.append(textResponse(script, `resp_${round}`, 20));
    fenced = await Promise.race([...ends, new Promise((resolve) => setTimeout(resolve, 10, waiting))]);
  }
  expect(fenced).toMatchObject({ code: 'DS_RECORDER_FENCED' });
  room.writer.append([script.close()]);
  await vi.waitFor(async () => expect(await room.store.event.count({ where: { sessionId: script.id } })).toBe(script.seq), {
    timeout: 10_000,
  });
  await Promise.all(recorders.map((recorder) => recorder.stop()));
  const survivors = await Promise.allSettled(recorders.map((recorder) => recorder.done));
  expect(survivors.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a recorder that hung while another one went on is fenced at its next commit', async () => {
  const spool = room.spool;
  const script = new Script();
  room.writer.append([script.open(), script.client({ type: 'a' })]);
  await drainFolder(room.store, room.folder, { spool });
  const cursor = await readSpoolCursor(room.store, spool);
  if (cursor === null) throw new Error('no cursor');
  room.writer.append([script.client({ type: 'b' })]);
  await drainFolder(room.store, room.folder, { spool });
  const empty = {
    events: [],
    sessions: [],
    responses: [],
    items: [],
    toolCalls: [],
    turns: [],
    checkpoints: [],
    anomalies: [],
    ended: [],
    losses: [],
  };
  const owner = crypto.randomUUID();
  const late = prepareBatch({
    ...empty,
    cursor: { spool, expected: cursor, next: { ...cursor, position: cursor.position + 9 }, owner },
  });
  const error = await commitBatch(room.store, late).catch((thrown) => thrown);
  expect(classifyFailure(error)).toBe('fenced');
});

test('a commit whose answer was lost with its connection is recognised as its own, and not made twice', async () => {
  const spool = room.spool;
  const proxy = await startCuttingProxy(room.databaseUrl);
  const behind = connectStore({ url: proxy.url });
  const script = new Script();
  const recorder = recordFolder(behind, room.folder, { spool });
  for (let round = 0; round < 5; round += 1) {
    proxy.loseNextCommit();
    room.writer.append([...(round === 0 ? [script.open()] : []), ...textResponse(script, `resp_${round}`, 5)]);
    await vi.waitFor(() => expect(proxy.lost).toBe(round + 1), { timeout: 10_000 });
  }
  room.writer.append([script.close()]);
  const ended = async () =>
    expect(await room.store.session.findUnique({ where: { id: script.id } })).toMatchObject({ status: 'ended' });
  await vi.waitFor(ended, { timeout: 10_000 });
  expect(await room.store.event.count({ where: { sessionId: script.id } })).toBe(script.seq);
  await recorder.stop();
  await recorder.done;
  await disconnectStore(behind);
  await proxy.close();
});
