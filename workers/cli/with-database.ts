import type { Env } from '#lib/config/env.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { migrateStore } from '#lib/store/migrate.ts';
import { postgresFolder } from '#workers/shared/data-folder.ts';
import { startEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';

export interface Database {
  readonly store: Store;
  readonly url: string;
}

/**
 * Runs a command against the store: the one that `DATABASE_URL` names, else the embedded one of a running `npm start`, else an
 * embedded one started for as long as the command takes.
 */
export async function withDatabase<T>(env: Env, use: (database: Database) => Promise<T>): Promise<T> {
  if (env.DATABASE_URL !== undefined) return runOnStore(env.DATABASE_URL, use);
  const embedded = await startEmbeddedPostgres({ folder: postgresFolder(env) });
  try {
    return await runOnStore(embedded.url, use);
  } finally {
    await embedded.stop();
  }
}

async function runOnStore<T>(url: string, use: (database: Database) => Promise<T>): Promise<T> {
  await migrateStore(url);
  const store = connectStore({ url });
  try {
    return await use({ store, url });
  } finally {
    await disconnectStore(store);
  }
}
