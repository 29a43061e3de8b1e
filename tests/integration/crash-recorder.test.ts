import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { CRASH_TEST, killStragglers } from '#tests/support/chaos.ts';
import type { ChaosOptions } from '#tests/support/chaos-rounds.ts';
import { fillSpool, killRecorders, killWriters, raceRecorders, wipeSpools } from '#tests/support/chaos-rounds.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { temporaryFolder } from '#tests/support/recording.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
let folder: ReturnType<typeof temporaryFolder>;

beforeAll(async () => {
  database = await createTestDatabase();
  store = connectStore({ url: database.url });
  folder = temporaryFolder('crash');
});

afterAll(async () => {
  killStragglers();
  await disconnectStore(store);
  await database.drop();
  folder.remove();
});

const options = (name: string, rounds: number): ChaosOptions => ({
  store,
  url: database.url,
  folder: join(folder.path, name),
  name,
  seed: Date.now() % 1_000_000,
  rounds,
  say: (line) => void process.stdout.write(`${line}\n`),
});

test('a recorder that is killed five times under load stores every acknowledged event exactly once', CRASH_TEST, async () => {
  expect((await killRecorders(options('recorder', 5))).lost).toBe(0);
});

test(
  'a writer that is killed five times under load loses nothing that it acknowledged, and its sessions are closed as lost',
  CRASH_TEST,
  async () => {
    expect((await killWriters(options('writer', 5))).lost).toBe(0);
  },
);

test('two recorders at once store every event once, and one of them says why it ends', CRASH_TEST, async () => {
  await raceRecorders(options('race', 2));
});

test('a spool that is wiped under an old database is shown as a loss, and recording goes on', CRASH_TEST, async () => {
  await wipeSpools(options('wipe', 2));
});

test('a spool that is full counts what it leaves out, and the recording says so', CRASH_TEST, async () => {
  expect((await fillSpool(options('full', 1))).lost).toBeGreaterThan(0);
});
