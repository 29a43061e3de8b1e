import { DeltascopeError } from '#lib/base/errors.ts';
import type { Env } from '#lib/config/env.ts';
import { postgresFolder } from './data-folder.ts';
import { findEmbeddedPostgres } from './embedded-postgres.ts';

/**
 * The database to use: DATABASE_URL, else the embedded server of the data folder, if it runs.
 * @throws DeltascopeError DS_STORE_UNREACHABLE where there is neither.
 */
export function databaseUrl(env: Env): string {
  const url = env.DATABASE_URL ?? findEmbeddedPostgres(postgresFolder(env));
  if (url !== null) return url;
  throw new DeltascopeError(
    'DS_STORE_UNREACHABLE',
    'DATABASE_URL is not set and no embedded Postgres runs here: is `npm start` running?',
  );
}
