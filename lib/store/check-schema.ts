import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { missingMigrations } from './missing-migrations.ts';

const FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/**
 * Whether the database has exactly the migrations of this version; asked once by who is about to write.
 * @throws DeltascopeError DS_STORE_SCHEMA_OLD or DS_STORE_SCHEMA_NEW naming the migrations; rejects where the database does not answer
 */
export async function checkSchema(store: Store): Promise<void> {
  const missing = await missingMigrations(store);
  if (missing.length > 0) throw new DeltascopeError('DS_STORE_SCHEMA_OLD', `Not applied: ${missing.join(', ')}.`);
  const unknown = await unknownMigrations(store);
  if (unknown.length > 0) throw new DeltascopeError('DS_STORE_SCHEMA_NEW', `Not known here: ${unknown.join(', ')}.`);
}

async function unknownMigrations(store: Store): Promise<readonly string[]> {
  const ours = new Set(readdirSync(FOLDER));
  const rows = await store.$queryRaw<{ name: string }[]>(Prisma.sql`
    select migration_name as name from _prisma_migrations where rolled_back_at is null order by migration_name`);
  return rows.map((row) => row.name).filter((name) => !ours.has(name));
}
