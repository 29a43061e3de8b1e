import { parseEnv } from '#lib/config/env.ts';
import { askDatabase } from '#lib/store/ask-database.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { startRecorder } from '#workers/recorder/start-recorder.ts';
import { makeLogger } from '#workers/shared/logger.ts';
import { pssOf } from './memory.ts';

/** Records one spool until it is empty, in a process of its own, and prints what it took: `URL FOLDER NAME [no-rules]`. */
const [url = '', folder = '', spool = '', rules = ''] = process.argv.slice(2);
const env = parseEnv({});
const store = connectStore({ url, maxConnections: 3 });
await askDatabase(store, 5_000);

const startedMs = performance.now();
const recorder = startRecorder({
  store,
  folder,
  spool,
  drain: true,
  isDetecting: rules !== 'no-rules',
  log: makeLogger({ worker: 'recorder', level: 'error' }),
  limits: {
    rows: env.DELTASCOPE_RECORDER_BATCH_ROWS,
    bytes: env.DELTASCOPE_RECORDER_BATCH_BYTES,
    ms: env.DELTASCOPE_RECORDER_BATCH_MS,
  },
});
await recorder.done;
const ms = performance.now() - startedMs;
const { stored } = recorder.status();
process.stdout.write(`${JSON.stringify({ ms, stored, pss: pssOf(process.pid), cpuMs: cpuMs() })}\n`);
await disconnectStore(store);

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
