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
