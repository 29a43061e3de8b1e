import { ensureDatabase } from '#lib/store/ensure-database.ts';
import { migrateStore } from '#lib/store/migrate.ts';
import { databaseUrl } from '#workers/shared/database-url.ts';
import { runWorker } from '#workers/shared/lifecycle.ts';

/** Brings the database up to date and ends: the first container of docker-compose.yml, or a step of a deployment. */
const WAIT_FOR_SERVER_MS = 60_000;

await runWorker('migrate', async ({ env, log }) => {
  const url = databaseUrl(env);
  await ensureDatabase(url, WAIT_FOR_SERVER_MS);
  log.info({ applied: await migrateStore(url) }, 'the database is up to date');
});
