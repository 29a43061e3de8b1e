import { readdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { findSession } from '#lib/store/find-session.ts';
import { startCuttingProxy } from '#tests/support/cutting-proxy.ts';
import { makeRecorderRoom } from '#tests/support/recorder-room.ts';
import { recordFolder, Script, textResponse } from '#tests/support/recording.ts';

const room = makeRecorderRoom('away', { segmentBytes: 64 * 1024 });

const soon = (assertion: () => Promise<void> | void) => vi.waitFor(assertion, { timeout: 15_000, interval: 20 });
const lastSeqOf = async (script: Script) => (await findSession(room.store, script.id))?.lastSeq;

test('a recorder whose database went away says so, stops when told to, and leaves the rest in the spool', async () => {
  const spool = room.spool;
  const proxy = await startCuttingProxy(room.databaseUrl);
  const behind = connectStore({ url: proxy.url });
  const script = new Script();
  room.writer.append([script.open(), ...textResponse(script, 'resp_1', 5)]);
  const recorder = recordFolder(behind, room.folder, { spool });
  await soon(async () => expect(await lastSeqOf(script)).toBe(script.seq));
  const before = script.seq;
  await proxy.close();
  room.writer.append(textResponse(script, 'resp_2', 5));
  await soon(() => expect(recorder.status()).toMatchObject({ isDatabaseAway: true }));
  expect(recorder.status().behindMs).toBeGreaterThan(0);
  await recorder.stop(100);
  await recorder.done;
  expect(await lastSeqOf(script)).toBe(before);
  const next = recordFolder(room.store, room.folder, { spool });
  await soon(async () => expect(await lastSeqOf(script)).toBe(script.seq));
  expect(next.status()).toMatchObject({ isDatabaseAway: false });
  await next.stop();
  await disconnectStore(behind);
});

test('the spool is trimmed behind what is committed', async () => {
  const script = new Script();
  const recorder = recordFolder(room.store, room.folder, { spool: room.spool });
  room.writer.append([script.open()]);
  let most = 0;
  for (let round = 0; round < 60; round += 1) {
    room.writer.append(textResponse(script, `resp_${round}`, 100));
    most = Math.max(most, segments());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await soon(async () => expect(await lastSeqOf(script)).toBe(script.seq));
  expect(recorder.status().stored).toBe(script.seq);
  expect(segments()).toBeLessThan(most);
  await recorder.stop();
});

function segments(): number {
  return readdirSync(room.folder).filter((name) => /\d/.test(name)).length;
}
