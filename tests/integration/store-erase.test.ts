import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeSessionId } from '#lib/base/session-id.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { eraseSession } from '#lib/store/erase-session.ts';
import { drainFolder, Script, temporaryFolder, textResponse } from '#tests/support/recording.ts';
import { seedAnomaly } from '#tests/support/seed-alerts.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

const database = makeTestStore();

test('erasing a session leaves nothing of it in any table, and others untouched', async () => {
  const folder = temporaryFolder('store-erase');
  const writer = openSpoolWriter({ folder: folder.path, segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3 });
  const [gone, kept, open] = [new Script(), new Script(), new Script()];
  for (const script of [gone, kept, open]) {
    const audio = script.server({ type: 'response.output_audio.delta', delta: randomBytes(300).toString('base64') });
    writer.append([script.open(), ...textResponse(script, 'resp_1', 3), audio, script.lose(2, 'spool_full')]);
  }
  writer.append([gone.close(), kept.close()]);
  await drainFolder(database.store, folder.path);
  for (const script of [gone, kept]) await seedAnomaly(database.seed, script.id);
  expect(await tablesWith(gone.id)).toContain('alert_inbox');
  expect(await eraseSession(database.store, gone.id)).toBe(true);
  expect(await tablesWith(gone.id)).toEqual([]);
  expect((await tablesWith(kept.id)).length).toBeGreaterThan(5);
  expect(await eraseSession(database.store, gone.id)).toBe(false);
  expect(await eraseSession(database.store, makeSessionId())).toBe(false);
  await expect(eraseSession(database.store, open.id)).rejects.toMatchObject({ code: 'DS_STORE_SESSION_OPEN' });
  writer.close();
  folder.remove();
});

test('however long a session is, no statement deletes more messages than are deleted while somebody waits', async () => {
  const [long, kept] = [await database.seed.session({ status: 'ended' }), await database.seed.session({ status: 'ended' })];
  await database.seed.append(long, 45_000, { notify: 'none' });
  await database.seed.append(kept, 10, { notify: 'none' });
  // A file may number its messages as it likes.
  await database.seed.query('update event set seq = seq + 2000000000 where session_id = $1 and seq > 30000', [long]);
  await database.seed.query('insert into event_audio (session_id, seq, bytes) select session_id, seq, sha256 from event');
  await database.seed.query(`
    create function refuse_many() returns trigger language plpgsql as $$
    begin
      if (select count(*) from gone) > 20000 then raise 'too many at once'; end if;
      return null;
    end $$`);
  for (const table of ['event', 'event_audio'])
    await database.seed.query(
      `create trigger few after delete on ${table} referencing old table as gone for each statement execute function refuse_many()`,
    );
  expect(await eraseSession(database.store, long)).toBe(true);
  expect(await tablesWith(long)).toEqual([]);
  expect(await tablesWith(kept)).toContain('event_audio');
});

/** Every table that has a row with this id in a column of its type: found in the catalog, so that a new table is not forgotten. */
async function tablesWith(id: string): Promise<readonly string[]> {
  const columns = await database.store.$queryRaw<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and (column_name = 'session_id' or (table_name = 'session' and column_name = 'id'))
      and table_name not in (select relname from pg_class where relispartition)`;
  const found: string[] = [];
  for (const { table, column } of columns) {
    const rows = await database.store.$queryRawUnsafe<unknown[]>(
      `select 1 from "${table}" where "${column}" = $1::uuid limit 1`,
      id,
    );
    if (rows.length > 0) found.push(table);
  }
  return found;
}
