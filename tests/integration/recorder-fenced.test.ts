import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { SpoolWriter } from '#lib/spool/writer.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { commitBatch, prepareBatch } from '#lib/store/commit-batch.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { readSpoolCursor } from '#lib/store/spool-cursor.ts';
import { classifyFailure } from '#lib/store/store-failure.ts';
import { startCuttingProxy } from '#tests/support/cutting-proxy.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { drainFolder, recordFolder, Script, temporaryFolder, textResponse } from '#tests/support/recording.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
let folder: ReturnType<typeof temporaryFolder>;
let writer: SpoolWriter;
let spools = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  store = connectStore({ url: database.url });
});

afterAll(async () => {
  await disconnectStore(store);
  await database.drop();
});

beforeEach(() => {
  folder = temporaryFolder('recorder-fenced');
  writer = openSpoolWriter({ folder: folder.path, segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3 });
  spools += 1;
});

afterEach(() => {
  writer.close();
  folder.remove();
});

test('of two recorders on one spool one is fenced out, and every event is stored once', async () => {
  const spool = `fenced-${spools}`;
  const script = new Script();
  writer.append([script.open()]);
  const recorders = [recordFolder(store, folder.path, { spool }), recordFolder(store, folder.path, { spool })];
  const ends = recorders.map((recorder) =>
    recorder.done.then(
      () => null,
      (error) => error,
    ),
  );
  const waiting = Symbol('waiting');
  let fenced: unknown = waiting;
  for (let round = 0; fenced === waiting; round += 1) {
    writer.append(textResponse(script, `resp_${round}`, 20));
    fenced = await Promise.race([...ends, new Promise((resolve) => setTimeout(resolve, 10, waiting))]);
  }
  expect(fenced).toMatchObject({ code: 'DS_RECORDER_FENCED' });
  writer.append([script.close()]);
  await vi.waitFor(async () => expect(await store.event.count({ where: { sessionId: script.id } })).toBe(script.seq), {
    timeout: 10_000,
  });
  await Promise.all(recorders.map((recorder) => recorder.stop()));
  const survivors = await Promise.allSettled(recorders.map((recorder) => recorder.done));
  expect(survivors.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a recorder that hung while another one went on is fenced at its next commit', async () => {
  const spool = `fenced-${spools}`;
  const script = new Script();
  writer.append([script.open(), script.client({ type: 'a' })]);
  await drainFolder(store, folder.path, { spool });
  const cursor = await readSpoolCursor(store, spool);
  if (cursor === null) throw new Error('no cursor');
  writer.append([script.client({ type: 'b' })]);
  await drainFolder(store, folder.path, { spool });
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
  const error = await commitBatch(store, late).catch((thrown) => thrown);
  expect(classifyFailure(error)).toBe('fenced');
});

test('a commit whose answer was lost with its connection is recognised as its own, and not made twice', async () => {
  const spool = `fenced-${spools}`;
  const proxy = await startCuttingProxy(database.url);
  const behind = connectStore({ url: proxy.url });
  const script = new Script();
  const recorder = recordFolder(behind, folder.path, { spool });
  for (let round = 0; round < 5; round += 1) {
    proxy.loseNextCommit();
    writer.append([...(round === 0 ? [script.open()] : []), ...textResponse(script, `resp_${round}`, 5)]);
    await vi.waitFor(() => expect(proxy.lost).toBe(round + 1), { timeout: 10_000 });
  }
  writer.append([script.close()]);
  const ended = async () =>
    expect(await store.session.findUnique({ where: { id: script.id } })).toMatchObject({ status: 'ended' });
  await vi.waitFor(ended, { timeout: 10_000 });
  expect(await store.event.count({ where: { sessionId: script.id } })).toBe(script.seq);
  await recorder.stop();
  await recorder.done;
  await disconnectStore(behind);
  await proxy.close();
});
