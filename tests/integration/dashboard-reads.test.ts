import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import type { EventColumns } from '#lib/session/event-columns.ts';
import { DIRECTIONS, expandSeqs } from '#lib/session/event-columns.ts';
import type { EventRow } from '#lib/session/view.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { listSessions } from '#lib/store/list-sessions.ts';
import { readEventColumns } from '#lib/store/read-event-columns.ts';
import { readEvents } from '#lib/store/read-events.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import type { SeedDatabase } from '#tests/support/seed-session.ts';
import { openSeedDatabase } from '#tests/support/seed-session.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let seed: SeedDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  seed = await openSeedDatabase(database.url);
  store = connectStore({ url: database.url });
});

afterAll(async () => {
  await disconnectStore(store);
  await seed.close();
  await database.drop();
});

/** The rows that columns stand for; what columns leave out is left out. */
function toRows(columns: EventColumns): Omit<EventRow, 'eventId' | 'note'>[] {
  const seqs = expandSeqs(columns);
  const idAt = (column: readonly number[], row: number) => columns.ids[column[row] ?? 0] || null;
  return Array.from(seqs, (seq, row) => {
    const at = columns.at[row];
    return {
      seq,
      at: (at == null ? null : at + (columns.firstAt ?? 0)) as EventRow['at'],
      direction: DIRECTIONS[columns.direction[row] ?? 0] as EventRow['direction'],
      ...(columns.kinds[columns.kind[row] ?? 0] as EventColumns['kinds'][number]),
      responseId: idAt(columns.responseId, row),
      itemId: idAt(columns.itemId, row),
      callId: idAt(columns.callId, row),
      byteLength: columns.byteLength[row] ?? 0,
      audioBytes: columns.audioBytes[row] ?? 0,
    };
  });
}

async function expectColumnsToBeRows(id: SessionId): Promise<void> {
  const rows = await readEvents(store, { sessionId: id, after: 0, limit: 10_000 });
  const columns = await readEventColumns(store, id);
  expect(columns.count).toBe(rows.length);
  expect(columns.lastSeq).toBe(rows.at(-1)?.seq ?? 0);
  expect(toRows(columns)).toEqual(rows.map(({ eventId, note, ...row }) => row));
}

test('columns say the same as the rows, holes and unknown times included', async () => {
  const id = await seed.session();
  await seed.append(id, 500);
  await seed.query('delete from event where session_id = $1 and seq between 100 and 117', [id]);
  await seed.query('update event set at = null where session_id = $1 and (seq < 4 or seq = 300)', [id]);
  await seed.query(
    `update event set direction = 'unknown', format = 'binary', type = '', canonical_type = '', problem = 'DS_PROTOCOL_BINARY' where session_id = $1 and seq = 7`,
    [id],
  );
  await seed.query(
    `update event set canonical_type = 'b', call_id = 'call_1', flags = '{masked,sanitised}' where session_id = $1 and seq = 8`,
    [id],
  );
  await expectColumnsToBeRows(id);
  expect((await readEventColumns(store, id)).seqRuns).toEqual([1, 99, 118, 383]);
});

test('columns of a session without events, or after the last, are empty', async () => {
  const id = await seed.session();
  expect(await readEventColumns(store, id)).toMatchObject({ count: 0, lastSeq: 0, firstAt: null, seqRuns: [] });
  await seed.append(id, 5);
  expect(await readEventColumns(store, id, 3)).toMatchObject({ count: 2, lastSeq: 5, seqRuns: [4, 2] });
});

test('ids that hold the separators of the columns do not disturb them', async () => {
  const id = await seed.session();
  await seed.append(id, 30);
  await seed.query(`update event set item_id = E'a\\x1fb', type = E'c\\x1ed' where session_id = $1 and seq = 5`, [id]);
  await seed.query(`update event set canonical_type = E'x\\x1ey' where session_id = $1 and seq = 6`, [id]);
  const columns = await readEventColumns(store, id);
  expect(columns.count).toBe(30);
  expect(toRows(columns)[4]).toMatchObject({ seq: 5, itemId: 'a b', type: 'c d' });
  expect(toRows(columns)[5]).toMatchObject({ seq: 6, canonicalType: 'x y', problem: null });
});

test('100,000 events are read as columns, and a page of 10,000 sessions, at the times printed', async () => {
  const id = await seed.session();
  await seed.append(id, 100_000);
  await seed.query(
    `insert into session select (r).* from (select jsonb_populate_record(s, jsonb_build_object('id',
       lpad(to_hex(i), 8, '0') || '-0000-7000-8000-000000000000')) as r from session s, generate_series(1, 10000) i where s.id = $1) t`,
    [id],
  );
  await seed.query('analyze');
  const columns = await fastest(10, () => readEventColumns(store, id));
  const list = await fastest(20, () => listSessions(store, { limit: 50 }));
  const scan = await fastest(10, () => seed.query('select count(sha256) from event where session_id = $1', [id]));
  process.stdout.write(
    `columns of 100,000 events: ${columns.toFixed(0)} ms (bare scan ${scan.toFixed(0)} ms); 50 of 10,000 sessions: ${list.toFixed(1)} ms\n`,
  );
  expect((await readEventColumns(store, id))?.count).toBe(100_000);
  expect((await listSessions(store, { limit: 50 })).sessions).toHaveLength(50);
});

/** The best of several rounds: what the code takes where nothing else runs. */
async function fastest(rounds: number, act: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await act();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
