import { publicUrl } from '#lib/config/public-url.ts';
import { askDatabase } from '#lib/store/ask-database.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { databaseUrl } from '#workers/shared/database-url.ts';
import { onShutdown, runWorker } from '#workers/shared/lifecycle.ts';
import { serveStatus } from './serve-status.ts';
import { startAlerter } from './start-alerter.ts';

const STORE_CONNECTIONS = 4;
const DATABASE_WITHIN_MS = 1000;
/** A request under way may take its time. */
const STOP_WITHIN_MS = 15_000;

/** Watches for anomalies and tells people of them. */
await runWorker('alerter', async ({ env, log }) => {
  const url = databaseUrl(env);
  const store = connectStore({ url, maxConnections: STORE_CONNECTIONS });
  onShutdown('store', () => disconnectStore(store));
  const alerter = await startAlerter({
    store,
    log,
    directUrl: env.DELTASCOPE_DATABASE_DIRECT_URL ?? url,
    publicUrl: publicUrl(env),
    allowPrivate: env.DELTASCOPE_ALERT_ALLOW_PRIVATE,
    tickMs: env.DELTASCOPE_ALERT_TICK_MS,
    retentionDays: env.DELTASCOPE_RETENTION_DAYS,
  });
  onShutdown('alerter', () => alerter.stop(), { withinMs: STOP_WITHIN_MS });
  const status = await serveStatus({
    port: env.DELTASCOPE_ALERTER_PORT,
    registry: alerter.registry,
    ready: async () => {
      const isReachable = await askDatabase(store, DATABASE_WITHIN_MS);
      return {
        ready: isReachable,
        parts: { database: isReachable ? 'ok' : 'does not answer', commits: alerter.isListening() ? 'listening' : 'polling' },
      };
    },
  });
  onShutdown('status', () => status.close());
  log.info({ port: status.port }, 'watching for anomalies');
  await alerter.done;
});
