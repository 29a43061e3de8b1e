import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { CRASH_TEST, killStragglers } from '#tests/support/chaos.ts';
import { killTaps } from '#tests/support/chaos-tap.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { temporaryFolder } from '#tests/support/recording.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
let folder: ReturnType<typeof temporaryFolder>;

beforeAll(async () => {
  database = await createTestDatabase();
  store = connectStore({ url: database.url });
  folder = temporaryFolder('crash-tap');
});

afterAll(async () => {
  killStragglers();
  await disconnectStore(store);
  await database.drop();
  folder.remove();
});

test(
  'a tap that is killed five times under load loses no more than the end of its calls, and these are closed as lost',
  CRASH_TEST,
  async () => {
    const name = 'crash-tap';
    const sums = await killTaps({
      store,
      url: database.url,
      folder: join(folder.path, 'spool', name),
      name,
      seed: Date.now() % 1_000_000,
      rounds: 5,
      say: (line) => void process.stdout.write(`${line}\n`),
    });
    expect(sums.relayed).toBeGreaterThan(500);
    process.stdout.write(`a killed tap lost at most the last ${sums.worstMs.toFixed(0)} ms\n`);
  },
);
