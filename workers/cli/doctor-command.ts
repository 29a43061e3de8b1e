import { accessSync, constants, mkdirSync } from 'node:fs';
import { coerceError } from '#lib/base/errors.ts';
import type { Env } from '#lib/config/env.ts';
import { ENV_SCHEMA } from '#lib/config/env.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { countSessions } from '#lib/store/count-sessions.ts';
import { dataFolder } from '#workers/shared/data-folder.ts';
import { databaseUrl } from '#workers/shared/database-url.ts';

/** Settings whose value, or part of it, must not be printed. */
const SECRET_KEYS: ReadonlySet<string> = new Set(['DELTASCOPE_PASSWORD', 'DELTASCOPE_CAPTURE_KEYS', 'DELTASCOPE_UPSTREAMS']);
const URL_KEYS: ReadonlySet<string> = new Set(['DATABASE_URL', 'DELTASCOPE_DATABASE_DIRECT_URL']);

const ANSWER_WITHIN_MS = 3000;

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly says: string;
}

/** Prints every setting with secrets masked, then looks at each part; returns 0 where all is well, else 1. */
export async function runDoctor(env: Env): Promise<number> {
  say('Settings');
  for (const key of Object.keys(ENV_SCHEMA.shape)) say(`  ${key} = ${shown(key, env[key as keyof Env])}`);
  say('\nParts');
  const findings = await Promise.all([
    checkNode(),
    checkDataFolder(env),
    checkDatabase(env),
    checkWorker('tap', env.DELTASCOPE_TAP_HOST, env.DELTASCOPE_TAP_PORT),
    checkWorker('recorder', '127.0.0.1', env.DELTASCOPE_RECORDER_PORT),
    checkWorker('alerter', '127.0.0.1', env.DELTASCOPE_ALERTER_PORT),
    checkWorker('dashboard', env.DELTASCOPE_HOST, env.DELTASCOPE_PORT),
  ]);
  for (const finding of findings) say(`  ${finding.ok ? '✓' : '✗'} ${finding.name}: ${finding.says}`);
  return findings.every((finding) => finding.ok) ? 0 : 1;
}

/** A setting as it may be printed: secrets as `set`, passwords inside URLs left out. */
export function shown(key: string, value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '(not set)';
  if (SECRET_KEYS.has(key)) return '(set, not shown)';
  if (URL_KEYS.has(key)) return withoutPassword(String(value));
  return String(value);
}

function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return '(set, not a URL)';
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  return `${url.protocol}//${url.username}${url.password === '' ? '' : ':***'}@${url.host}${url.pathname}`;
}

async function checkNode(): Promise<Finding> {
  const major = Number(process.versions.node.split('.')[0]);
  return { name: 'Node', ok: major >= 24, says: `${process.version}${major >= 24 ? '' : '; 24 or later is needed'}` };
}

async function checkDataFolder(env: Env): Promise<Finding> {
  const folder = dataFolder(env);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return { name: 'data folder', ok: true, says: folder };
  } catch (thrown) {
    return { name: 'data folder', ok: false, says: coerceError(thrown).message };
  }
}

async function checkDatabase(env: Env): Promise<Finding> {
  try {
    const store = connectStore({ url: databaseUrl(env), maxConnections: 1 });
    try {
      return { name: 'database', ok: true, says: `${await countSessions(store)} sessions` };
    } finally {
      await disconnectStore(store);
    }
  } catch (thrown) {
    return { name: 'database', ok: false, says: coerceError(thrown).message.trim().split('\n').at(-1) ?? '' };
  }
}

async function checkWorker(name: string, host: string, port: number): Promise<Finding> {
  const url = `http://${host}:${port}/readyz`;
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return { name, ok: reply.ok, says: `${url} ${reply.status} ${(await reply.text()).slice(0, 300)}` };
  } catch {
    return { name, ok: false, says: `${url} does not answer; is \`npm start\` running?` };
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
