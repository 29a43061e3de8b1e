import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from '#lib/config/env.ts';

/** Where this program lies: the repository, or the unpacked package. */
export const ROOT_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** Whether this program is a copy of an installed package (`workers/cli/unpack.mjs`): whole as it is, nothing to build, nothing to keep in. */
export function isUnpackedCopy(): boolean {
  return existsSync(join(ROOT_FOLDER, '.unpacked'));
}

/** Folder of everything that outlives a run on this machine: embedded Postgres, spools, local CA. */
export function dataFolder(env: Env): string {
  const home = isUnpackedCopy() ? homedir() : ROOT_FOLDER;
  return resolve(env.DELTASCOPE_DATA_DIR ?? join(home, '.deltascope'));
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
