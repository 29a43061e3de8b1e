import { afterAll, beforeAll } from 'vitest';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { createTestDatabase } from './postgres.ts';
import type { SeedDatabase } from './seed-session.ts';
import { openSeedDatabase } from './seed-session.ts';

/** A database of a test file: read through a store, seeded in plain SQL. */
export interface TestStore {
  readonly store: Store;
  readonly seed: SeedDatabase;
  readonly url: string;
}

/** Makes the database before the tests of this file, and drops it behind them. */
export function makeTestStore(): TestStore {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  let seed: SeedDatabase;
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
  return {
    get store() {
      return store;
    },
    get seed() {
      return seed;
    },
    get url() {
      return database.url;
    },
  };
}
