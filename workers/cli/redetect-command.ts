import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SessionId } from '#lib/base/brand.ts';
import type { Env } from '#lib/config/env.ts';
import { childEnv } from '#lib/config/env.ts';
import { findSession } from '#lib/store/find-session.ts';
import { listEndedSessions } from '#lib/store/list-ended-sessions.ts';
import { makeProgressBar } from './progress-bar.ts';
import { readSessionArgument, unknownSession } from './session-argument.ts';
import type { Database } from './with-database.ts';
import { withDatabase } from './with-database.ts';

const RECORDER = fileURLToPath(new URL('../recorder/main.ts', import.meta.url));

export interface RedetectOptions {
  readonly sessions: readonly string[];
  /** Every session that has ended. */
  readonly all: boolean;
}

/** `deltascope redetect [SESSION…|--all]`: runs the rules of this version over stored sessions; returns the exit code. */
export async function runRedetect(env: Env, { sessions, all }: RedetectOptions): Promise<number> {
  if (all === sessions.length > 0) {
    process.stderr.write('Name sessions, or say --all.\n');
    return 1;
  }
  const named = sessions.map(readSessionArgument);
  return withDatabase(env, async (database) => {
    const ids = all ? await listEndedSessions(database.store) : await known(database, named);
    const { sessions: done, anomalies, failures } = await redetect(ids, database.url);
    process.stdout.write(`${done} ${done === 1 ? 'session' : 'sessions'} looked at, ${anomalies} anomalies.\n`);
    return failures === 0 ? 0 : 1;
  });
}

async function known({ store }: Database, ids: readonly SessionId[]): Promise<readonly SessionId[]> {
  for (const id of ids) if ((await findSession(store, id)) === null) throw unknownSession(id);
  return ids;
}

/** The recorder's own code does it, in a process of its own: it reads ids, and answers each with a line. */
async function redetect(ids: readonly SessionId[], databaseUrl: string) {
  const bar = makeProgressBar(process.stderr);
  const counts = { sessions: 0, anomalies: 0, failures: 0 };
  const worker = spawn(process.execPath, [RECORDER, '--redetect'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: childEnv({ DATABASE_URL: databaseUrl, DELTASCOPE_LOG_LEVEL: 'warn' }),
  });
  worker.stdin.on('error', () => undefined).end(`${ids.join('\n')}\n`);
  createInterface({ input: worker.stdout }).on('line', (line) => {
    const [id = '', result = ''] = line.split('\t');
    if (/^\d+$/.test(result)) {
      counts.sessions += 1;
      counts.anomalies += Number(result);
    } else {
      counts.failures += 1;
      bar.clear();
      process.stdout.write(`✗ ${id}: ${result}\n`);
    }
    bar.update('detecting', counts.sessions + counts.failures, ids.length);
  });
  const [status] = await once(worker, 'close');
  bar.clear();
  if (status !== 0) counts.failures += 1;
  return counts;
}
