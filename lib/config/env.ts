import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { z } from 'zod';
import { DeltascopeError } from '#lib/base/errors.ts';

/**
 * Every setting, in one place, read once. No other file reads `process.env` (lint); `.env.example` holds the same keys (test).
 * Parts receive the values they need as arguments. Sizes are bytes, durations are named by their unit.
 */

const integer = (fallback: number, min = 0, max = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
const flag = (fallback: boolean) =>
  z
    .enum(['0', '1', 'true', 'false'])
    .transform((text) => text === '1' || text === 'true')
    .default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

export const ENV_SCHEMA = z.object({
  DATABASE_URL: z.string().optional().describe('Postgres to use; without it `npm start` runs an embedded one.'),
  DELTASCOPE_DATABASE_DIRECT_URL: z
    .string()
    .optional()
    .describe('Direct connection for LISTEN, where DATABASE_URL goes through a pooler.'),
  DELTASCOPE_DATA_DIR: z.string().optional().describe('Folder of the embedded Postgres, the spools and the local CA.'),
  DELTASCOPE_HOST: z.string().default('127.0.0.1').describe('Address that the dashboard listens on.'),
  DELTASCOPE_PORT: integer(3000, 0, 65535).describe('Port of the dashboard.'),
  DELTASCOPE_TAP_HOST: z.string().default('127.0.0.1').describe('Address that the tap listens on.'),
  DELTASCOPE_TAP_PORT: integer(4100, 0, 65535).describe('Port of the tap (ws: and http:).'),
  DELTASCOPE_TAP_TLS_PORT: integer(4143, 0, 65535).describe('Port of the tap (wss: and https:).'),
  DELTASCOPE_TLS_CERT: z
    .string()
    .optional()
    .describe('PEM file of the tap’s certificate chain; without it a local CA makes one.'),
  DELTASCOPE_TLS_KEY: z.string().optional().describe('PEM file of the key to DELTASCOPE_TLS_CERT.'),
  DELTASCOPE_RECORDER_PORT: integer(4110, 0, 65535).describe('Loopback port of the recorder’s health and metrics.'),
  DELTASCOPE_ALERTER_PORT: integer(4120, 0, 65535).describe('Loopback port of the alerter’s health and metrics.'),
  DELTASCOPE_SIMULATOR_PORT: integer(4200, 0, 65535).describe('Port of the simulator (ws: and http:).'),
  DELTASCOPE_SIMULATOR_TLS_PORT: integer(4243, 0, 65535).describe('Port of the simulator (wss: and https:).'),
  DELTASCOPE_SIMULATOR: flag(true).describe('Whether `npm start` runs the simulator for the demo.'),
  DELTASCOPE_UPSTREAMS: z
    .string()
    .optional()
    .describe('Upstreams as inline JSON or the path of a JSON file; default: OpenAI and the simulator.'),
  DELTASCOPE_CAPTURE_KEYS: list.describe('Comma-separated keys that an application must show to the tap.'),
  DELTASCOPE_PASSWORD: z.string().optional().describe('Password of the dashboard; needed beyond loopback.'),
  DELTASCOPE_ALLOWED_ORIGINS: list.describe('Comma-separated browser origins that may reach the tap.'),
  DELTASCOPE_ALLOWED_HOSTS: list.describe('Comma-separated Host names, besides loopback, that workers answer to.'),
  DELTASCOPE_SPOOL_NAME: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .default('tap')
    .describe('Name of this machine’s spool; unique per database.'),
  DELTASCOPE_SPOOL_MAX_BYTES: integer(4 * 1024 ** 3, 1024 ** 2).describe('Size at which the spool drops audio, then events.'),
  DELTASCOPE_SPOOL_SEGMENT_BYTES: integer(64 * 1024 ** 2, 64 * 1024).describe('Size at which a spool segment is rotated.'),
  DELTASCOPE_TAP_MAX_MESSAGE_BYTES: integer(256 * 1024 ** 2, 1024).describe('Largest message that the tap relays.'),
  DELTASCOPE_TAP_MAX_SESSIONS: integer(2000, 1).describe('Most sessions that the tap relays at once.'),
  DELTASCOPE_TAP_MAX_BUFFER_BYTES: integer(16 * 1024 ** 2, 64 * 1024).describe(
    'Bytes queued towards a slow reader before its peer is paused.',
  ),
  DELTASCOPE_TAP_MAX_RECORD_BUFFER_BYTES: integer(256 * 1024 ** 2, 1024 ** 2).describe(
    'Bytes waiting for the writer thread before messages go unrecorded.',
  ),
  DELTASCOPE_TAP_MAX_UPGRADES_PER_MINUTE: integer(6000, 1).describe('Most new sessions a minute.'),
  DELTASCOPE_TAP_DIAL_TIMEOUT_MS: integer(15_000, 100).describe('Longest wait for the provider’s answer to a handshake.'),
  DELTASCOPE_TAP_DRAIN_MS: integer(600_000, 0).describe('Longest wait for calls to end after SIGTERM.'),
  DELTASCOPE_RECORDER_BATCH_ROWS: integer(2000, 1, 20_000).describe('Most events in one transaction.'),
  DELTASCOPE_RECORDER_BATCH_BYTES: integer(8 * 1024 ** 2, 64 * 1024).describe('Most payload bytes in one transaction.'),
  DELTASCOPE_RECORDER_BATCH_MS: integer(25, 1, 10_000).describe('Longest wait for a batch to fill.'),
  DELTASCOPE_RETENTION_DAYS: integer(30, 0).describe('Days that sessions are kept; 0 keeps them for ever.'),
  DELTASCOPE_PUBLIC_URL: z
    .url()
    .optional()
    .describe('Where people reach the dashboard, for links in alerts; default: what it listens on.'),
  DELTASCOPE_TAP_URL: z
    .url({ protocol: /^wss?$/ })
    .optional()
    .describe('Where the demo reaches the tap, where that is another machine’s (ws://tap:4100); default: what it listens on.'),
  DELTASCOPE_ALERT_ALLOW_PRIVATE: flag(false).describe('Whether alerts may go to private, loopback and link-local addresses.'),
  DELTASCOPE_ALERT_TICK_MS: integer(5000, 100, 3_600_000).describe(
    'How often alerts over shares, reminders and resolutions are looked at.',
  ),
  DELTASCOPE_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severity that is logged.'),
  DELTASCOPE_LOG_FORMAT: z
    .enum(['json', 'pretty'])
    .optional()
    .describe('Log lines as JSON or for people; default: people on a terminal.'),
});

/** All settings, parsed, with defaults; frozen. */
export type Env = Readonly<z.infer<typeof ENV_SCHEMA>>;

/**
 * Parses an environment. Empty values count as unset.
 * @throws DeltascopeError DS_CONFIG_INVALID naming every bad key at once; values are not repeated, they may be secret.
 */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = ENV_SCHEMA.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new DeltascopeError('DS_CONFIG_INVALID', `${problems.join('; ')}.`);
}

/** The settings of this process: its environment, over a `.env` file in the folder it was started in. */
export function readEnv(): Env {
  if (existsSync('.env')) loadEnvFile('.env');
  return parseEnv(process.env);
}

/** The environment for a child process: this one's, with `overrides` on top; `undefined` takes a key away. */
export function childEnv(overrides: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}

/** Whether this runs where nobody watches (a build server): no spinners, no questions. */
export function isUnattended(): boolean {
  return process.env['CI'] !== undefined && process.env['CI'] !== '' && process.env['CI'] !== 'false';
}

/** Whether this is a script of npm: between npm and this process stands a shell. */
export function isRunByNpm(): boolean {
  return process.env['npm_lifecycle_event'] !== undefined;
}

/** One variable that a setting refers to by name (`env:OPENAI_API_KEY`). */
export function readVariable(name: string): string | undefined {
  return process.env[name];
}

/** The proxy for outgoing connections, and the hosts that are reached without it; both in the form that every tool knows. */
export function readProxy(): { readonly url: string | undefined; readonly except: string } {
  const { HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy } = process.env;
  return { url: HTTPS_PROXY || https_proxy || undefined, except: NO_PROXY || no_proxy || '' };
}
