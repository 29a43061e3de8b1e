import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateStore } from '#lib/store/migrate.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

test('a migrated database has nothing left to apply', async () => {
  expect(await migrateStore(database.url)).toEqual([]);
});

test('a migration whose file was edited after it was applied is refused', async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('update _prisma_migrations set checksum = repeat($1, 64)', ['0']);
  await client.end();
  await expect(migrateStore(database.url)).rejects.toMatchObject({ code: 'DS_STORE_MIGRATION_CHANGED' });
});
