import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { findSession } from '#lib/store/find-session.ts';
import { readStoredEvents } from '#lib/store/read-event.ts';
import { makeRecorderRoom } from '#tests/support/recorder-room.ts';
import { drainFolder, recordFolder, Script, textResponse } from '#tests/support/recording.ts';
import type { Recorder } from '#workers/recorder/start-recorder.ts';

const room = makeRecorderRoom('losses');

let recorder: Recorder | null = null;

afterEach(async () => {
  await recorder?.stop();
  recorder = null;
});

const spool = () => ({ spool: room.spool });
const statusOf = async (script: Script) => (await findSession(room.store, script.id))?.status;
const lossesOf = () => room.store.recordingLoss.findMany({ where: spool(), orderBy: { id: 'asc' } });
const soon = (assertion: () => Promise<void>) => vi.waitFor(assertion, { timeout: 10_000, interval: 20 });

test('messages that the tap could not record are shown and counted with their cause', async () => {
  const script = new Script();
  room.writer.append([
    script.open(),
    script.client({ type: 'a' }),
    script.lose(7, 'buffer_full'),
    script.client({ type: 'b' }),
    script.close(),
  ]);
  await drainFolder(room.store, room.folder, spool());
  expect((await findSession(room.store, script.id))?.counts).toMatchObject({ events: 2, lost: 7 });
  expect(await lossesOf()).toMatchObject([
    { cause: 'buffer_full', sessionId: script.id, fromSeq: 2, toSeq: 8, messages: 7, bytes: 700n },
  ]);
});

test('a hole in the numbering that nobody explained is a loss too', async () => {
  const script = new Script();
  const records = [script.open(), ...textResponse(script, 'resp_1', 3), script.close()];
  room.writer.append(records.filter((record) => record.kind !== 'message' || (record.seq !== 2 && record.seq !== 3)));
  await drainFolder(room.store, room.folder, spool());
  expect((await findSession(room.store, script.id))?.counts.lost).toBe(2);
  expect(await lossesOf()).toMatchObject([{ cause: 'seq_hole', fromSeq: 2, toSeq: 3, messages: 2 }]);
});

test('sessions that were open when a new writer takes over are closed as lost, at the last moment known of them', async () => {
  const script = new Script();
  const watermark = { kind: 'watermark' as const, sessionIds: [script.id] };
  room.writer.append([script.open(), script.client({ type: 'a' })]);
  room.writer.append([{ ...watermark, at: script.now() }]);
  const last = script.now();
  room.writer.append([{ ...watermark, at: last }]);
  recorder = recordFolder(room.store, room.folder, spool());
  await soon(async () => expect(await statusOf(script)).toBe('open'));
  room.writer.close();
  room.reopenWriter();
  await soon(async () => expect(await statusOf(script)).toBe('lost'));
  expect((await findSession(room.store, script.id))?.endedAt).toBe(last);
  expect(await room.store.sessionCheckpoint.count({ where: spool() })).toBe(0);
});

test('sessions of a writer that died without a successor are closed as lost after a while', async () => {
  const script = new Script();
  room.writer.append([script.open(), script.client({ type: 'a' })]);
  recorder = recordFolder(room.store, room.folder, { ...spool(), writerGoneMs: 600 });
  await soon(async () => expect(await statusOf(script)).toBe('open'));
  room.writer.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await statusOf(script)).toBe('open');
  await soon(async () => expect(await statusOf(script)).toBe('lost'));
});

test('a spool that was wiped under an old database is noticed, and recording goes on in the new one', async () => {
  const before = new Script();
  room.writer.append([before.open(), ...textResponse(before, 'resp_1', 3)]);
  recorder = recordFolder(room.store, room.folder, { ...spool(), writerGoneMs: 60_000 });
  await soon(async () => expect((await findSession(room.store, before.id))?.lastSeq).toBe(before.seq));
  room.writer.close();
  rmSync(room.folder, { recursive: true });
  room.reopenWriter();
  const after = new Script();
  room.writer.append([after.open(), ...textResponse(after, 'resp_2', 3), after.close()]);
  await soon(async () => expect(await statusOf(after)).toBe('ended'));
  expect(await statusOf(before)).toBe('lost');
  // The new spool counts its segments from 1 again: from the recorder's side that can look like an older copy.
  expect((await lossesOf()).map((loss) => loss.cause)).toEqual([expect.stringMatching(/^spool_(wiped|rolled_back)$/)]);
});

test('a spool that was rolled back to an older copy doubles nothing and loses nothing of what follows', async () => {
  const script = new Script();
  room.writer.append([script.open(), ...textResponse(script, 'resp_1', 3)]);
  room.writer.close();
  mkdirSync(`${room.folder}-copy`);
  cpSync(room.folder, `${room.folder}-copy`, { recursive: true });
  await drainFolder(room.store, room.folder, spool());
  const stored = script.seq;
  room.reopenWriter();
  const later = new Script();
  room.writer.append([later.open(), ...textResponse(later, 'resp_2', 2), later.close()]);
  await drainFolder(room.store, room.folder, spool());
  room.writer.close();
  rmSync(room.folder, { recursive: true });
  cpSync(`${room.folder}-copy`, room.folder, { recursive: true });
  rmSync(`${room.folder}-copy`, { recursive: true });
  room.reopenWriter();
  const newest = new Script();
  room.writer.append([newest.open(), newest.client({ type: 'a' }), newest.close()]);
  const rolled = await drainFolder(room.store, room.folder, spool());
  expect(rolled.status().stored).toBe(1);
  expect(await statusOf(newest)).toBe('ended');
  expect((await readStoredEvents(room.store, { sessionId: script.id, after: 0, limit: 100 })).length).toBe(stored);
  expect((await lossesOf()).map((loss) => loss.cause)).toContain('spool_rolled_back');
});

test('a message of a session whose beginning was lost opens that session', async () => {
  const script = new Script();
  script.open();
  room.writer.append([script.client({ type: 'a' }), script.client({ type: 'b' }), script.close()]);
  await drainFolder(room.store, room.folder, spool());
  expect(await findSession(room.store, script.id)).toMatchObject({ status: 'ended', lastSeq: 2, transport: 'unknown' });
});

test('a message that comes after the end of its session is still stored', async () => {
  const script = new Script();
  room.writer.append([script.open(), script.client({ type: 'a' }), script.close(), script.server({ type: 'b' }), script.close()]);
  await drainFolder(room.store, room.folder, spool());
  expect(await findSession(room.store, script.id)).toMatchObject({ status: 'ended', lastSeq: 2, tags: { test: 'yes' } });
  expect((await findSession(room.store, script.id))?.counts.events).toBe(2);
});
