import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from '#lib/config/env.ts';

/** Where this program lies: the repository, or the unpacked package. */
export const ROOT_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** Folder of everything that outlives a run on this machine: embedded Postgres, spools, local CA. */
export function dataFolder(env: Env): string {
  return resolve(env.DELTASCOPE_DATA_DIR ?? join(ROOT_FOLDER, '.deltascope'));
}

/** Folder of the spool called `name`. */
export function spoolFolder(env: Env, name: string): string {
  return join(dataFolder(env), 'spool', name);
}

/** Folder of the embedded Postgres. */
export function postgresFolder(env: Env): string {
  return join(dataFolder(env), 'postgres');
}

/** Folder of the local certificate authority. */
export function authorityFolder(env: Env): string {
  return join(dataFolder(env), 'ca');
}
