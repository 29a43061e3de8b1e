import { beforeAll, expect, test } from 'vitest';
import { findSession } from '#lib/store/find-session.ts';
import { readStoredEvents } from '#lib/store/read-event.ts';
import { makeRecorderRoom } from '#tests/support/recorder-room.ts';
import { drainFolder, Script, textResponse } from '#tests/support/recording.ts';

const room = makeRecorderRoom('quarantine');

/** What the database shall refuse, as a constraint that nobody foresaw would. */
const REFUSALS = [
  `alter table event add constraint no_poison check (type <> 'poison')`,
  `alter table event add constraint no_death check (seq <> 13 or byte_length <> 666)`,
  `alter table item add constraint no_poison check (coalesce(text, '') not like '%poison%')`,
  `alter table session_checkpoint add constraint no_poison check (position('poisoned' in encode(state, 'escape')) = 0)`,
];

beforeAll(async () => {
  for (const refusal of REFUSALS) await room.store.$executeRawUnsafe(refusal);
});

const drain = () => drainFolder(room.store, room.folder, { spool: room.spool });
const lossesOf = ({ id }: Script) => room.store.recordingLoss.findMany({ where: { sessionId: id }, orderBy: { id: 'asc' } });

test('an event that the database refuses is kept as bytes and flagged; the others of its batch are as ever', async () => {
  const script = new Script();
  const good = (count: number) => Array.from({ length: count }, (_, index) => script.server({ type: 'fine', index }));
  const poison = { type: 'poison', event_id: 'e', delta: 'x'.repeat(100) };
  room.writer.append([
    script.open(),
    ...good(100),
    script.server(poison),
    ...good(37),
    script.server(poison),
    ...good(100),
    script.close(),
  ]);
  await drain();
  const events = await readStoredEvents(room.store, { sessionId: script.id, after: 0, limit: 500 });
  expect(events.length).toBe(239);
  const aside = events.filter((event) => event.row.flags.includes('quarantined'));
  expect(aside.map(({ row }) => [row.seq, row.type, row.eventId])).toEqual([
    [101, '', null],
    [139, '', null],
  ]);
  expect(aside.map((event) => JSON.parse(Buffer.from(event.payload).toString()))).toEqual([poison, poison]);
  expect(await findSession(room.store, script.id)).toMatchObject({ status: 'ended', lastSeq: 239 });
  expect(await lossesOf(script)).toEqual([]);
});

test('an event that is refused even as bytes becomes a loss that is shown', async () => {
  const script = new Script();
  const records = Array.from({ length: 20 }, () => script.server({ type: 'fine' }, { wireBytes: 666 }));
  room.writer.append([script.open(), ...records, script.close()]);
  await drain();
  expect(await room.store.event.count({ where: { sessionId: script.id } })).toBe(19);
  expect(await lossesOf(script)).toMatchObject([{ cause: 'quarantined', fromSeq: 13, toSeq: 13, messages: 1, bytes: 666n }]);
});

test('a folded row that is refused is left out and shown, and recording goes on', async () => {
  const script = new Script();
  const item = { id: 'item_1', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'poison' }] };
  const added = script.server({ type: 'conversation.item.added', item });
  room.writer.append([script.open(), added, ...textResponse(script, 'resp_1', 3), script.close()]);
  await drain();
  expect(await room.store.event.count({ where: { sessionId: script.id } })).toBe(script.seq);
  expect((await room.store.item.findMany({ where: { sessionId: script.id } })).map((row) => row.id)).toEqual(['item_resp_1']);
  expect(await lossesOf(script)).toMatchObject([
    { cause: 'quarantined', fromSeq: null, messages: 0, detail: expect.stringContaining('item') },
  ]);
});

test('a checkpoint that is refused is left out, and a restart folds without it', async () => {
  const script = new Script();
  room.writer.append([script.open({ tags: { a: 'poisoned' } }), script.client({ type: 'a' })]);
  await drain();
  room.writer.append([script.client({ type: 'b' }), script.close()]);
  await drain();
  expect(await findSession(room.store, script.id)).toMatchObject({ status: 'ended', lastSeq: 2, tags: { a: 'poisoned' } });
  expect((await findSession(room.store, script.id))?.counts.events).toBe(2);
});
