import type { Env } from '#lib/config/env.ts';
import { migrateStore } from '#lib/store/migrate.ts';
import { authorityFolder, dataFolder } from '#workers/shared/data-folder.ts';
import { onShutdown, runWorker } from '#workers/shared/lifecycle.ts';
import { ensureLocalCertificate } from '#workers/shared/local-ca.ts';
import { formatLogLine } from '#workers/shared/log-line.ts';
import type { Logger } from '#workers/shared/logger.ts';
import type { StepList } from '#workers/shared/step-list.ts';
import { makeStepList } from '#workers/shared/step-list.ts';
import { describeReady } from './announce.ts';
import { ensureDashboardBuild } from './dashboard-build.ts';
import { openDatabase } from './database.ts';
import { ensureDatabaseClient } from './database-client.ts';
import { endWithNpm } from './end-with-npm.ts';
import { claimDataFolder, claimPorts, guardSettings } from './settings.ts';
import { Supervisor } from './supervisor.ts';
import { workersOf } from './worker-table.ts';

/** What `npm start` runs: everything that one machine needs, in order, then watched until Ctrl-C. */
await runWorker('start', startEverything, { format: 'pretty' });

async function startEverything({ env: given, log }: { readonly env: Env; readonly log: Logger }): Promise<void> {
  const steps = makeStepList();
  endWithNpm();
  guardSettings(given);
  claimDataFolder(given);
  const env = await steps.run('Ports', () => claimPorts(given));
  const url = await steps.run('Postgres', (step) => openDatabase(env, log, step));
  await steps.run('Migrations', async (step) => {
    const applied = await migrateStore(url);
    step.detail(applied.length === 0 ? 'up to date' : `${applied.length} applied`);
  });
  await steps.run('Database client', ensureDatabaseClient);
  await steps.run('Dashboard', ensureDashboardBuild);
  const { caFile } = await steps.run('Local certificate', () => ensureLocalCertificate({ folder: authorityFolder(env) }));
  await startWorkers(env, url, steps, log);
  steps.print(describeReady(env, caFile));
}

async function startWorkers(env: Env, url: string, steps: StepList, log: Logger): Promise<void> {
  const raw = env.DELTASCOPE_LOG_FORMAT === 'json';
  const style = { colour: process.stdout.isTTY === true };
  const workers = workersOf(env);
  const supervisor = new Supervisor({
    env: workerEnv(env, url),
    log,
    onLine: (worker, line) => steps.print(raw ? line : formatLogLine(worker, line, style)),
  });
  const withinMs = workers.reduce((sum, worker) => sum + worker.stopWithinMs, 1000);
  onShutdown('workers', () => supervisor.stop(workers), { withinMs });
  // All at once, shown one after the other.
  const starts = workers.map((worker) => ({ worker, ready: supervisor.start(worker) }));
  for (const { ready } of starts) ready.catch(() => undefined);
  for (const { worker, ready } of starts) await steps.run(`Worker: ${worker.name}`, () => ready);
}

/** What every worker is told; ports as claimed, so that none of them chooses for itself. */
function workerEnv(env: Env, url: string): Record<string, string> {
  const ports = Object.entries(env).filter(([key]) => key.endsWith('_PORT'));
  return {
    ...Object.fromEntries(ports.map(([key, port]) => [key, String(port)])),
    DATABASE_URL: url,
    DELTASCOPE_DATA_DIR: dataFolder(env),
    DELTASCOPE_LOG_FORMAT: 'json',
  };
}
