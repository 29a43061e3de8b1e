import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { ensureDatabase } from '#lib/store/ensure-database.ts';
import { migrateStore } from '#lib/store/migrate.ts';
import { startEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { makeTempFolder } from './temp-folder.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of a migrated template database that nobody connects to. */
    templateUrl: string;
  }
}

/** One PostgreSQL for the whole run; each test file copies its template database (see `postgres.ts`). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = makeTempFolder('test-postgres');
  const server = await startEmbeddedPostgres({
    folder,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  const templateUrl = server.url.replace(/\/deltascope$/, '/deltascope_template');
  await ensureDatabase(templateUrl, 30_000);
  await migrateStore(templateUrl);
  project.provide('templateUrl', templateUrl);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
