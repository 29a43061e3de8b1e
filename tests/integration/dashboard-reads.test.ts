import { expect, test } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import type { EventColumns } from '#lib/session/event-columns.ts';
import { DIRECTIONS, expandSeqs } from '#lib/session/event-columns.ts';
import type { EventRow } from '#lib/session/view.ts';
import { listSessions } from '#lib/store/list-sessions.ts';
import { readEventColumns } from '#lib/store/read-event-columns.ts';
import { readEvents } from '#lib/store/read-events.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

const database = makeTestStore();

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
  const rows = await readEvents(database.store, { sessionId: id, after: 0, limit: 10_000 });
  const columns = await readEventColumns(database.store, id);
  expect(columns.count).toBe(rows.length);
  expect(columns.lastSeq).toBe(rows.at(-1)?.seq ?? 0);
  expect(toRows(columns)).toEqual(rows.map(({ eventId, note, ...row }) => row));
}

test('columns say the same as the rows, holes and unknown times included', async () => {
  const id = await database.seed.session();
  await database.seed.append(id, 500);
  await database.seed.query('delete from event where session_id = $1 and seq between 100 and 117', [id]);
  await database.seed.query('update event set at = null where session_id = $1 and (seq < 4 or seq = 300)', [id]);
  await database.seed.query(
    `update event set direction = 'unknown', format = 'binary', type = '', canonical_type = '', problem = 'DS_PROTOCOL_BINARY' where session_id = $1 and seq = 7`,
    [id],
  );
  await database.seed.query(
    `update event set canonical_type = 'b', call_id = 'call_1', flags = '{masked,sanitised}' where session_id = $1 and seq = 8`,
    [id],
  );
  await expectColumnsToBeRows(id);
  expect((await readEventColumns(database.store, id)).seqRuns).toEqual([1, 99, 118, 383]);
});

test('columns of a session without events, or after the last, are empty', async () => {
  const id = await database.seed.session();
  expect(await readEventColumns(database.store, id)).toMatchObject({ count: 0, lastSeq: 0, firstAt: null, seqRuns: [] });
  await database.seed.append(id, 5);
  expect(await readEventColumns(database.store, id, 3)).toMatchObject({ count: 2, lastSeq: 5, seqRuns: [4, 2] });
});

test('ids that hold the separators of the columns do not disturb them', async () => {
  const id = await database.seed.session();
  await database.seed.append(id, 30);
  await database.seed.query(`update event set item_id = E'a\\x1fb', type = E'c\\x1ed' where session_id = $1 and seq = 5`, [id]);
  await database.seed.query(`update event set canonical_type = E'x\\x1ey' where session_id = $1 and seq = 6`, [id]);
  const columns = await readEventColumns(database.store, id);
  expect(columns.count).toBe(30);
  expect(toRows(columns)[4]).toMatchObject({ seq: 5, itemId: 'a b', type: 'c d' });
  expect(toRows(columns)[5]).toMatchObject({ seq: 6, canonicalType: 'x y', problem: null });
});

test('100,000 events are read as columns, and a page of 10,000 sessions, at the times printed', async () => {
  const id = await database.seed.session();
  await database.seed.append(id, 100_000);
  await database.seed.query(
    `insert into session select (r).* from (select jsonb_populate_record(s, jsonb_build_object('id',
       lpad(to_hex(i), 8, '0') || '-0000-7000-8000-000000000000')) as r from session s, generate_series(1, 10000) i where s.id = $1) t`,
    [id],
  );
  await database.seed.query('analyze');
  const columns = await fastest(10, () => readEventColumns(database.store, id));
  const list = await fastest(20, () => listSessions(database.store, { limit: 50 }));
  const scan = await fastest(10, () => database.seed.query('select count(sha256) from event where session_id = $1', [id]));
  process.stdout.write(
    `columns of 100,000 events: ${columns.toFixed(0)} ms (bare scan ${scan.toFixed(0)} ms); 50 of 10,000 sessions: ${list.toFixed(1)} ms\n`,
  );
  expect((await readEventColumns(database.store, id))?.count).toBe(100_000);
  expect((await listSessions(database.store, { limit: 50 })).sessions).toHaveLength(50);
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
