import { join } from 'node:path';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { Env } from '#lib/config/env.ts';
import { dataFolder } from '#workers/shared/data-folder.ts';
import { FileLock } from '#workers/shared/file-lock.ts';
import { findFreePort } from '#workers/shared/free-port.ts';
import { onShutdown } from '#workers/shared/lifecycle.ts';
import { guardBinding } from '#workers/shared/network-guard.ts';

/** The settings that hold a port, with the one that holds its address; all are tried before anything starts. */
const LISTENERS = [
  { port: 'DELTASCOPE_PORT', host: 'DELTASCOPE_HOST' },
  { port: 'DELTASCOPE_TAP_PORT', host: 'DELTASCOPE_TAP_HOST' },
  { port: 'DELTASCOPE_TAP_TLS_PORT', host: 'DELTASCOPE_TAP_HOST' },
  { port: 'DELTASCOPE_RECORDER_PORT', host: null },
  { port: 'DELTASCOPE_ALERTER_PORT', host: null },
  { port: 'DELTASCOPE_SIMULATOR_PORT', host: null },
  { port: 'DELTASCOPE_SIMULATOR_TLS_PORT', host: null },
] as const;

/** Refuses to open a worker to the network without authentication, before anything starts. */
export function guardSettings(env: Env): void {
  guardBinding({ host: env.DELTASCOPE_HOST, isProtected: env.DELTASCOPE_PASSWORD !== undefined, setting: 'DELTASCOPE_HOST' });
  guardBinding({
    host: env.DELTASCOPE_TAP_HOST,
    isProtected: env.DELTASCOPE_CAPTURE_KEYS.length > 0,
    setting: 'DELTASCOPE_TAP_HOST',
  });
}

/**
 * Keeps other starts away from the data folder for as long as this process lives: they would share its Postgres, and end it with themselves.
 * @throws DeltascopeError DS_START_ALREADY_RUNNING
 */
export function claimDataFolder(env: Env): void {
  const folder = dataFolder(env);
  const lock = new FileLock(join(folder, 'start.lock'));
  onShutdown('data folder', () => lock.release());
  if (!lock.claim()) throw new DeltascopeError('DS_START_ALREADY_RUNNING', `Deltascope runs on ${folder} already.`);
}

/**
 * Makes sure that every port can be had, and puts a free one in place of each 0, so that all workers know all ports.
 * @throws DeltascopeError DS_START_PORT_TAKEN naming every port that cannot be had.
 */
export async function claimPorts(env: Env): Promise<Env> {
  const ports: Partial<Record<(typeof LISTENERS)[number]['port'], number>> = {};
  const problems: string[] = [];
  const seen = new Set<number>();
  for (const { port: setting, host } of LISTENERS) {
    if (setting.startsWith('DELTASCOPE_SIMULATOR') && !env.DELTASCOPE_SIMULATOR) continue;
    const wanted = env[setting];
    const got = seen.has(wanted) ? null : await findFreePort(host === null ? '127.0.0.1' : env[host], wanted);
    if (got === null) {
      problems.push(`port ${wanted} (${setting}) is taken`);
    } else {
      ports[setting] = got;
      seen.add(got);
    }
  }
  if (problems.length > 0) throw new DeltascopeError('DS_START_PORT_TAKEN', `${sentence(problems)}.`);
  return Object.freeze({ ...env, ...ports });
}

function sentence(problems: readonly string[]): string {
  const text = problems.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
