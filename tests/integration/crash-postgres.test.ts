import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { CRASH_TEST, killStragglers } from '#tests/support/chaos.ts';
import { stopPostgres } from '#tests/support/chaos-postgres.ts';
import { temporaryFolder } from '#tests/support/recording.ts';
import type { StoppablePostgres } from '#tests/support/stoppable-postgres.ts';
import { startStoppablePostgres } from '#tests/support/stoppable-postgres.ts';

let server: StoppablePostgres;
let store: Store;
let folder: ReturnType<typeof temporaryFolder>;

beforeAll(async () => {
  folder = temporaryFolder('crash-postgres');
  chmodSync(folder.path, 0o755);
  server = await startStoppablePostgres(join(folder.path, 'postgres'));
  store = connectStore({ url: server.url });
});

afterAll(async () => {
  killStragglers();
  await disconnectStore(store);
  await server.stop('fast');
  folder.remove();
});

test('a database that is gone for ten seconds under load costs no message', CRASH_TEST, async () => {
  const sums = await stopPostgres({
    store,
    server,
    url: server.url,
    folder: join(folder.path, 'spool'),
    name: 'crash-postgres',
    seed: 0,
    rounds: 1,
    awayMs: 10_000,
    say: (line) => void process.stdout.write(`${line}\n`),
  });
  expect(sums.lost).toBe(0);
});

test('a database that is killed and recovers costs no message', CRASH_TEST, async () => {
  const options = { store, server, url: server.url, folder: join(folder.path, 'spool-2'), name: 'crash-postgres-2', seed: 0 };
  const sums = await stopPostgres({ ...options, rounds: 2, awayMs: 500, say: (line) => void process.stdout.write(`${line}\n`) });
  expect(sums.lost).toBe(0);
});
