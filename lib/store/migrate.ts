import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DeltascopeError } from '#lib/base/errors.ts';

const FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Prisma's own advisory lock for migrations, so that its CLI and this runner never work at once. */
const PRISMA_MIGRATE_LOCK = 72_707_369;

/** Prisma's bookkeeping, made as its schema engine makes it. */
const BOOKKEEPING = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Applies the migrations that the database lacks, each in a transaction of its own, and records them exactly as `prisma migrate deploy`
 * does, so that both tools agree on the state of a database (docs/decisions).
 * @returns the names of the migrations that were applied.
 * @throws DeltascopeError DS_STORE_MIGRATION_CHANGED where an applied migration's file was edited since.
 */
export async function migrateStore(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'deltascope-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [PRISMA_MIGRATE_LOCK]);
    await client.query(BOOKKEEPING);
    const applied = await appliedChecksums(client);
    const missing = readMigrations().filter((migration) => isMissing(migration, applied));
    for (const migration of missing) await applyMigration(client, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

function readMigrations(): readonly Migration[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(`${FOLDER}/${name}/migration.sql`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

async function appliedChecksums(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const rows = await client.query<{ migration_name: string; checksum: string }>(
    'select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  return new Map(rows.rows.map((row) => [row.migration_name, row.checksum]));
}

function isMissing(migration: Migration, applied: ReadonlyMap<string, string>): boolean {
  const checksum = applied.get(migration.name);
  if (checksum !== undefined && checksum !== migration.checksum) {
    throw new DeltascopeError(
      'DS_STORE_MIGRATION_CHANGED',
      `Migration ${migration.name} was applied with other contents than the file has now.`,
    );
  }
  return checksum === undefined;
}

async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  await client.query(migration.sql);
  await client.query(
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), 1)`,
    [randomUUID(), migration.checksum, migration.name],
  );
  await client.query('commit');
}
