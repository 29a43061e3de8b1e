import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { findSession } from '#lib/store/find-session.ts';
import { readStoredEvents } from '#lib/store/read-event.ts';
import type { HostileMessage } from '#tests/support/hostile.ts';
import { hostileCases, seededHostility, wrongTypes } from '#tests/support/hostile.ts';
import { makeRecorderRoom } from '#tests/support/recorder-room.ts';
import { drainFolder, Script } from '#tests/support/recording.ts';

const room = makeRecorderRoom('hostile', { maxBytes: 2 * 1024 ** 3 });

const spool = () => room.spool;

test('each hostile message is stored exactly, and so are the hundred good ones around it', async () => {
  for (const hostile of hostileCases()) {
    const script = new Script();
    const good = (count: number) =>
      Array.from({ length: count }, (_, index) => script.server({ type: 'response.output_text.delta', delta: `w${index}` }));
    const records = [
      script.open(),
      ...good(50),
      script.message(hostile.payload, { format: hostile.format }),
      ...good(50),
      script.close(),
    ];
    await recordAll(records);
    await expectStored(script, records, hostile.name);
  }
});

test('wrong types in every field of every event fail nothing', async () => {
  const script = new Script();
  const records = [script.open(), ...recordsOf(script, wrongTypes()), script.close()];
  await recordAll(records);
  await expectStored(script, records, 'wrong types');
}, 180_000);

test('ten thousand seeded hostile messages are all stored', async () => {
  const seeds = [20_261_121, Date.now() % 1_000_000];
  process.stdout.write(`hostile seeds: ${seeds.join(', ')}\n`);
  for (const seed of seeds) {
    const script = new Script();
    const records = [script.open(), ...recordsOf(script, seededHostility(seed, 5_000)), script.close()];
    await recordAll(records);
    await expectStored(script, records, `seed ${seed}`);
  }
}, 180_000);

test('hostile messages restore from a checkpoint as they were', async () => {
  const messages = seededHostility(7, 400);
  const straight = new Script();
  const cut = new Script();
  await recordAll([straight.open(), ...recordsOf(straight, messages), straight.close()]);
  const records = [cut.open(), ...recordsOf(cut, messages), cut.close()];
  for (let at = 0; at < records.length; at += 57) await recordAll(records.slice(at, at + 57));
  const rows = async ({ id }: Script) => {
    const session = await findSession(room.store, id);
    const items = await room.store.item.findMany({ where: { sessionId: id }, orderBy: { ordinal: 'asc' } });
    return JSON.parse(JSON.stringify({ session, items }).replaceAll(id, 'ID'));
  };
  expect(await rows(cut)).toEqual(await rows(straight));
});

test('nothing of all this had to be set aside', async () => {
  expect(await room.store.recordingLoss.count()).toBe(0);
  expect(await room.store.event.count({ where: { flags: { has: 'quarantined' } } })).toBe(0);
});

async function recordAll(records: readonly SpoolRecord[]): Promise<void> {
  room.writer.append(records);
  // The writer is alive, so nothing is closed as lost in between.
  const recorder = await drainFolder(room.store, room.folder, { spool: spool() });
  expect(recorder.status().isDatabaseAway).toBe(false);
}

function recordsOf(script: Script, messages: readonly HostileMessage[]): readonly SpoolRecord[] {
  const directions = ['server_to_client', 'client_to_server'] as const;
  return messages.map(({ payload, format }, index) =>
    script.message(payload, { format, direction: directions[index % 2] ?? 'unknown' }),
  );
}

async function expectStored(script: Script, records: readonly SpoolRecord[], name: string): Promise<void> {
  const sent = records.flatMap((record) => (record.kind === 'message' ? [digest(record.payload)] : []));
  const stored: string[] = [];
  for (let after = 0; ; ) {
    const events = await readStoredEvents(room.store, { sessionId: script.id, after, limit: 500 });
    for (const event of events) stored.push(digest(event.payload));
    expect(
      events.every((event) => event.isIntact),
      name,
    ).toBe(true);
    after = events.at(-1)?.row.seq ?? Number.POSITIVE_INFINITY;
    if (events.length < 500) break;
  }
  expect(stored, name).toEqual(sent);
  expect(await findSession(room.store, script.id), name).toMatchObject({ status: 'ended', lastSeq: script.seq });
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
