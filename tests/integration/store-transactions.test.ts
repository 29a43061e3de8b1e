import { expect, test } from 'vitest';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { pruneAlerts } from '#lib/store/prune-alerts.ts';
import { runStatements } from '#lib/store/run-statements.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

/** What is slow is done all the same: one that was given up would be begun anew, and given up again. */

const database = makeTestStore();

test('a transaction takes as long as it takes', async () => {
  const slow = { sql: `insert into session_facet select gen_random_uuid(), 'slow' from pg_sleep(6)`, parameters: [] };
  await runStatements(database.store, [slow, { sql: 'select 1', parameters: [] }]);
  expect((await database.seed.query(`select from session_facet where facet = 'slow'`)).rowCount).toBe(1);
});

test('a transaction waits for a connection while others are at work', async () => {
  const narrow = connectStore({ url: database.url, maxConnections: 1 });
  const [, pruned] = await Promise.all([narrow.$queryRaw`select 1 from (select pg_sleep(3)) slept`, pruneAlerts(narrow, 1)]);
  expect(pruned).toBe(0);
  await disconnectStore(narrow);
});
