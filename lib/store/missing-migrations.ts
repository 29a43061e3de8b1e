import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';

const FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Names of the migrations that this version has and the database lacks. Rejects where the database does not answer. */
export async function missingMigrations(store: Store): Promise<readonly string[]> {
  const ours = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const exists = await store.$queryRaw<[{ exists: boolean }]>(
    Prisma.sql`select to_regclass('_prisma_migrations') is not null as exists`,
  );
  const applied = exists[0].exists ? await appliedNames(store) : new Set();
  return ours.map((entry) => entry.name).filter((name) => !applied.has(name));
}

async function appliedNames(store: Store): Promise<ReadonlySet<string>> {
  const rows = await store.$queryRaw<{ name: string }[]>(Prisma.sql`
    select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null`);
  return new Set(rows.map((row) => row.name));
}
