import { DeltascopeError } from '#lib/base/errors.ts';
import type { Env } from '#lib/config/env.ts';
import { ensureDatabase } from '#lib/store/ensure-database.ts';
import { postgresFolder } from '#workers/shared/data-folder.ts';
import type { EmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import {
  findEmbeddedPostgres,
  signalEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '#workers/shared/embedded-postgres.ts';
import { onShutdown } from '#workers/shared/lifecycle.ts';
import type { Logger } from '#workers/shared/logger.ts';
import type { Step } from '#workers/shared/step-list.ts';

const WAIT_FOR_SERVER_MS = 15_000;
const WATCH_MS = 1000;

/** Gives the URL of a database that exists and answers: DATABASE_URL, else an embedded server that is kept running. */
export async function openDatabase(env: Env, log: Logger, step: Step): Promise<string> {
  if (env.DATABASE_URL !== undefined) {
    await ensureDatabase(env.DATABASE_URL, WAIT_FOR_SERVER_MS);
    step.detail('DATABASE_URL');
    return env.DATABASE_URL;
  }
  const folder = postgresFolder(env);
  const stopping = new AbortController();
  let starting: Promise<EmbeddedPostgres>;
  const start = () => {
    starting = startEmbeddedPostgres({ folder, signal: stopping.signal, onLog: (line) => logServerLine(log, line) });
    return starting;
  };
  // Whatever ends this process, and be it while the server starts, the server does not stay behind.
  process.once('exit', () => signalEmbeddedPostgres(folder, 'immediate'));
  onShutdown('embedded Postgres', async () => {
    stopping.abort();
    await starting.catch(() => undefined);
    await stopEmbeddedPostgres(folder, 'fast');
  });
  const server = await start();
  step.detail(`embedded, port ${server.port}${server.process === null ? ', was running' : ''}`);
  keepRunning({ folder, start, log, until: stopping.signal });
  return server.url;
}

interface Watch {
  readonly folder: string;
  readonly start: () => Promise<{ readonly url: string }>;
  readonly log: Logger;
  readonly until: AbortSignal;
}

/** Starts the server again when it has gone; it comes back under the same URL while its port is free. */
function keepRunning({ folder, start, log, until }: Watch): void {
  const url = findEmbeddedPostgres(folder);
  let isStarting = false;
  const watch = async () => {
    if (isStarting || findEmbeddedPostgres(folder) !== null) return;
    isStarting = true;
    log.warn('the embedded Postgres has gone; starting it again');
    const again = await start().catch((error: Error) => {
      if (!until.aborted) log.error(error);
    });
    if (again !== undefined && again.url !== url)
      log.error(new DeltascopeError('DS_START_POSTGRES_FAILED', 'Its port is taken now.'));
    isStarting = false;
  };
  const timer = setInterval(() => void watch(), WATCH_MS);
  until.addEventListener('abort', () => clearInterval(timer));
}

/** What every start and stop of a server brings about. */
const EXPECTED = /the database system is (starting up|shutting down|not yet accepting)|due to administrator command/;

/** Postgres's own log: only what a person should act upon. */
function logServerLine(log: Logger, line: string): void {
  if (EXPECTED.test(line)) log.debug({ worker: 'postgres' }, line);
  else if (/\b(FATAL|PANIC)\b/.test(line)) log.error({ worker: 'postgres' }, line);
  else if (/\bWARNING\b/.test(line)) log.warn({ worker: 'postgres' }, line);
  else log.debug({ worker: 'postgres' }, line);
}
