import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { SpoolWriter } from '#lib/spool/writer.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { findSession } from '#lib/store/find-session.ts';
import { startCuttingProxy } from '#tests/support/cutting-proxy.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { recordFolder, Script, temporaryFolder, textResponse } from '#tests/support/recording.ts';

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
  folder = temporaryFolder('recorder-away');
  writer = openSpoolWriter({ folder: folder.path, segmentBytes: 64 * 1024, maxBytes: 1024 ** 3 });
  spools += 1;
});

afterEach(() => {
  writer.close();
  folder.remove();
});

const soon = (assertion: () => Promise<void> | void) => vi.waitFor(assertion, { timeout: 15_000, interval: 20 });
const lastSeqOf = async (script: Script) => (await findSession(store, script.id))?.lastSeq;

test('a recorder whose database went away says so, stops when told to, and leaves the rest in the spool', async () => {
  const spool = `away-${spools}`;
  const proxy = await startCuttingProxy(database.url);
  const behind = connectStore({ url: proxy.url });
  const script = new Script();
  writer.append([script.open(), ...textResponse(script, 'resp_1', 5)]);
  const recorder = recordFolder(behind, folder.path, { spool });
  await soon(async () => expect(await lastSeqOf(script)).toBe(script.seq));
  const before = script.seq;
  await proxy.close();
  writer.append(textResponse(script, 'resp_2', 5));
  await soon(() => expect(recorder.status()).toMatchObject({ isDatabaseAway: true }));
  expect(recorder.status().behindMs).toBeGreaterThan(0);
  await recorder.stop(100);
  await recorder.done;
  expect(await lastSeqOf(script)).toBe(before);
  const next = recordFolder(store, folder.path, { spool });
  await soon(async () => expect(await lastSeqOf(script)).toBe(script.seq));
  expect(next.status()).toMatchObject({ isDatabaseAway: false });
  await next.stop();
  await disconnectStore(behind);
});

test('the spool is trimmed behind what is committed', async () => {
  const script = new Script();
  const recorder = recordFolder(store, folder.path, { spool: `away-${spools}` });
  writer.append([script.open()]);
  let most = 0;
  for (let round = 0; round < 60; round += 1) {
    writer.append(textResponse(script, `resp_${round}`, 100));
    most = Math.max(most, segments());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await soon(async () => expect(await lastSeqOf(script)).toBe(script.seq));
  expect(recorder.status().stored).toBe(script.seq);
  expect(segments()).toBeLessThan(most);
  await recorder.stop();
});

function segments(): number {
  return readdirSync(folder.path).filter((name) => /\d/.test(name)).length;
}
