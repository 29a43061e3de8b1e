import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSchema } from '#lib/store/check-schema.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { factsOfCatalog, factsOfDataModel } from '#tests/support/schema-gate.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

const expected = factsOfDataModel();

test('the migrations make exactly the schema that Prisma reads', async () => {
  expect(expected.length).toBeGreaterThan(100);
  expect(await factsOfCatalog(database.url)).toEqual(expected);
});

test.each([
  ['a missing column', 'alter table event drop column note', 'column event.note: text'],
  ['another type', 'alter table item alter column ordinal type bigint', 'column item.ordinal: integer not null'],
  ['a column that may be null', 'alter table turn alter column kind drop not null', 'column turn.kind: text not null'],
  ['a missing table', 'drop table recording_loss', 'key recording_loss: id'],
  ['another key', 'alter table spool_cursor drop constraint spool_cursor_pkey', 'key spool_cursor: spool'],
  [
    'an enum without a value',
    `alter type "SessionStatus" rename value 'lost' to 'gone'`,
    'enum SessionStatus: open, ended, lost, refused, failed',
  ],
])('%s is noticed', async (_, change, fact) => {
  await run(change);
  const facts = await factsOfCatalog(database.url);
  expect(expected.filter((line) => !facts.includes(line))).toContain(fact);
});

test('a database that lacks a migration is not written to', async () => {
  await run('delete from _prisma_migrations');
  await expect(check()).rejects.toMatchObject({ code: 'DS_STORE_SCHEMA_OLD', message: expect.stringContaining('spine') });
});

test('a database of a newer version is not written to', async () => {
  await run(
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'y', '20991231000000_later', now())`,
  );
  await expect(check()).rejects.toMatchObject({ code: 'DS_STORE_SCHEMA_NEW', message: expect.stringContaining('later') });
});

test('a migrated database may be written to', () => expect(check()).resolves.toBeUndefined());

async function check(): Promise<void> {
  const store = connectStore({ url: database.url });
  try {
    await checkSchema(store);
  } finally {
    await disconnectStore(store);
  }
}

async function run(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
