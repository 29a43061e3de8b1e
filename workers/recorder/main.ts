import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { SessionId } from '#lib/base/brand.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import { isSessionId } from '#lib/base/session-id.ts';
import type { Env } from '#lib/config/env.ts';
import { askDatabase } from '#lib/store/ask-database.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { spoolFolder } from '#workers/shared/data-folder.ts';
import { databaseUrl } from '#workers/shared/database-url.ts';
import type { WorkerContext } from '#workers/shared/lifecycle.ts';
import { onShutdown, runWorker } from '#workers/shared/lifecycle.ts';
import { startMaintenance } from './maintenance.ts';
import { redetectSession } from './redetect.ts';
import { serveStatus } from './serve-status.ts';
import type { RecorderOptions } from './start-recorder.ts';
import { startRecorder } from './start-recorder.ts';

/**
 * Records the spool of this machine's tap; with `--spool FOLDER --name NAME --drain` another one, until it is empty. With `--redetect`
 * it runs the rules over stored sessions instead: ids on standard input, `ID<tab>anomalies` (or a sentence) on standard output.
 */
const { values: flags } = parseArgs({
  options: {
    spool: { type: 'string' },
    name: { type: 'string' },
    drain: { type: 'boolean', default: false },
    progress: { type: 'boolean', default: false },
    redetect: { type: 'boolean', default: false },
  },
});

const DATABASE_WITHIN_MS = 1_000;

await runWorker('recorder', async (context) => {
  const store = connectStore({ url: databaseUrl(context.env), maxConnections: 3 });
  onShutdown('store', () => disconnectStore(store));
  const options: RecorderOptions = { store, log: context.log, ...sourceOf(context.env), limits: limitsOf(context.env) };
  if (flags.redetect) await redetectAll(options);
  else if (flags.drain) await drain(options);
  else await tail(options, context);
});

async function redetectAll({ store }: RecorderOptions): Promise<void> {
  for await (const id of createInterface({ input: process.stdin })) {
    if (!isSessionId(id)) continue;
    const result = await redetectSession(store, id as SessionId).catch(sentenceOf);
    process.stdout.write(`${id}\t${result}\n`);
  }
  await disconnectStore(store);
}

/** Why a session could not be looked at. The database being away, or a fault of ours, ends the whole run. */
function sentenceOf(thrown: unknown): string {
  if (thrown instanceof DeltascopeError) return thrown.toSentence();
  throw thrown;
}

async function drain(options: RecorderOptions): Promise<void> {
  const onProgress = (stored: number) => void process.stdout.write(`{"stored":${stored}}\n`);
  const recorder = startRecorder({ ...options, drain: true, ...(flags.progress ? { onProgress } : {}) });
  onShutdown('recorder', () => recorder.stop());
  await recorder.done;
  // Nothing keeps the process then: it ends with exit code 0.
  await disconnectStore(options.store);
}

async function tail(options: RecorderOptions, { env, log }: WorkerContext): Promise<void> {
  const { store } = options;
  const maintenance = await startMaintenance({ store, log, retentionDays: env.DELTASCOPE_RETENTION_DAYS });
  onShutdown('partitions', () => maintenance.stop());
  const recorder = startRecorder(options);
  onShutdown('recorder', () => recorder.stop());
  const status = await serveStatus({
    port: env.DELTASCOPE_RECORDER_PORT,
    recorder,
    spoolMaxBytes: env.DELTASCOPE_SPOOL_MAX_BYTES,
    askDatabase: () => askDatabase(store, DATABASE_WITHIN_MS),
  });
  onShutdown('status', () => status.close());
  log.info({ port: status.port, spool: options.spool, folder: options.folder }, 'recording');
  await recorder.done;
}

function sourceOf(env: Env): Pick<RecorderOptions, 'spool' | 'folder'> {
  const spool = flags.name ?? env.DELTASCOPE_SPOOL_NAME;
  return { spool, folder: flags.spool ?? spoolFolder(env, spool) };
}

function limitsOf(env: Env): RecorderOptions['limits'] {
  return {
    rows: env.DELTASCOPE_RECORDER_BATCH_ROWS,
    bytes: env.DELTASCOPE_RECORDER_BATCH_BYTES,
    ms: env.DELTASCOPE_RECORDER_BATCH_MS,
  };
}
