import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { killStragglers } from '#tests/support/chaos.ts';
import { stopPostgres } from '#tests/support/chaos-postgres.ts';
import type { ChaosOptions } from '#tests/support/chaos-rounds.ts';
import { fillSpool, killRecorders, killWriters, raceRecorders, wipeSpools } from '#tests/support/chaos-rounds.ts';
import { killTaps } from '#tests/support/chaos-tap.ts';
import { startStoppablePostgres } from '#tests/support/stoppable-postgres.ts';

/**
 * `npm run test:soak`: the crash tests with many more rounds, against a PostgreSQL with fsync on. Prints seeds and counts.
 * `--rounds N` (default 200) kills of each process; `--seed N` repeats a run; `--only recorder,tap,…` a part of it.
 */

const rounds = Number(flag('--rounds') ?? 200);
const seed = Number(flag('--seed') ?? Date.now() % 1_000_000);
const only = flag('--only')?.split(',');
const AWAY_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'deltascope-soak-'));
chmodSync(folder, 0o755);
const server = await startStoppablePostgres(join(folder, 'postgres'));
const store = connectStore({ url: server.url });
say(`soak: ${rounds} rounds, seed ${seed}`);
try {
  await run('recorder', (options) => killRecorders({ ...options, rounds }));
  await run('writer', (options) => killWriters({ ...options, rounds }));
  await run('tap', async (options) => {
    const sums = await killTaps({ ...options, rounds });
    if (sums.worstMs > 50) throw new Error(`a killed tap lost ${sums.worstMs} ms`);
  });
  await run('race', (options) => raceRecorders({ ...options, rounds: Math.ceil(rounds / 10) }));
  await run('wipe', (options) => wipeSpools({ ...options, rounds: Math.ceil(rounds / 10) }));
  await run('full', fillSpool);
  await run('postgres', (options) => stopPostgres({ ...options, server, awayMs: AWAY_MS, rounds: Math.ceil(rounds / 50) }));
  say('soak: passed');
} finally {
  killStragglers();
  await disconnectStore(store);
  await server.stop('fast');
  rmSync(folder, { recursive: true, force: true });
}

async function run(name: string, trouble: (options: ChaosOptions) => Promise<unknown>): Promise<void> {
  if (only !== undefined && !only.includes(name)) return;
  const startedMs = performance.now();
  await trouble({
    store,
    url: server.url,
    folder: join(folder, 'spool', `soak-${name}`),
    name: `soak-${name}`,
    seed,
    rounds: 1,
    say,
  });
  say(`  ${name} took ${Math.round((performance.now() - startedMs) / 1000)} s`);
}

function flag(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
