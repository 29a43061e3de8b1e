import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DeltascopeError } from '#lib/base/errors.ts';

/** PostgreSQL's codes for "not yet": starting up, shutting down; plus the network's. */
const NOT_YET = new Set(['57P03', '57P01', 'ECONNREFUSED', 'ECONNRESET']);

/**
 * Waits until the server behind `url` takes connections, and makes the database that `url` names where it is missing.
 * @throws DeltascopeError DS_STORE_UNREACHABLE after `timeoutMs`; other errors of the server as they are.
 */
export async function ensureDatabase(url: string, timeoutMs: number): Promise<void> {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  target.pathname = '/postgres';
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const client = new pg.Client({ connectionString: target.href });
    try {
      await client.connect();
      const found = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
      return;
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      if (code === '42P04' || code === '23505') return;
      if (!NOT_YET.has(code)) throw error;
      if (Date.now() > deadline)
        throw new DeltascopeError('DS_STORE_UNREACHABLE', `Postgres at ${target.host} does not answer.`, { cause: error });
      await sleep(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
