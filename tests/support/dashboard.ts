import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { childEnv } from '#lib/config/env.ts';
import type { BrowserToServerEvents, ServerToBrowserEvents } from '#lib/live/contract.ts';
import { LIVE_PATH } from '#lib/live/contract.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import { ensureDashboardBuild } from '#workers/start/dashboard-build.ts';
import { freePorts } from './free-ports.ts';

/** The real dashboard, as a process of its own. */
export interface DashboardProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything that it logged so far. */
  output(): string;
  /** Ends it with a signal and waits; gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface DashboardSettings {
  readonly databaseUrl: string;
  /** Unset: a free one. A restart keeps its port, so that browsers find it again. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Return as soon as the process runs, for those that are to fail. */
  readonly isUnready?: boolean;
}

const START_WITHIN_MS = 60_000;

/** Builds the pages where that is needed (once for all test files). */
export async function buildDashboard(): Promise<void> {
  const output: string[] = [];
  const step = { detail: () => undefined, output: (text: string) => output.push(text) };
  await ensureDashboardBuild(step).catch((cause: unknown) => {
    throw new Error(`The dashboard cannot be built:\n${output.join('')}`, { cause });
  });
}

/** Starts the dashboard and waits until it answers. */
export async function startDashboardProcess(settings: DashboardSettings): Promise<DashboardProcess> {
  await buildDashboard();
  const [port = 0, recorder] = settings.port === undefined ? await freePorts(2) : [settings.port, (await freePorts(1))[0]];
  const child = spawn(process.execPath, [join(ROOT_FOLDER, 'workers/dashboard/main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnv({
      NODE_ENV: 'production',
      DATABASE_URL: settings.databaseUrl,
      DELTASCOPE_PORT: String(port),
      DELTASCOPE_RECORDER_PORT: String(recorder),
      DELTASCOPE_LOG_FORMAT: 'json',
      ...settings.env,
    }),
  });
  const text: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => text.push(chunk));
  const dashboard = {
    url: `http://127.0.0.1:${port}`,
    process: child,
    output: () => text.join(''),
    stop: (signal?: NodeJS.Signals) => stop(child, signal),
  };
  if (settings.isUnready !== true) await waitUntilAlive(dashboard);
  return dashboard;
}

async function waitUntilAlive({ url, process: child, output }: DashboardProcess): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    // Any answer will do: with a password it is a refusal.
    const isAlive = await fetch(`${url}/healthz`).then(
      () => true,
      () => false,
    );
    if (isAlive) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`The dashboard did not start:\n${output()}`);
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return code as number | null;
}

export type LiveClient = Socket<ServerToBrowserEvents, BrowserToServerEvents>;

/** A browser's live connection; close it. */
export function connectLive(url: string, options: Parameters<typeof io>[1] = {}): LiveClient {
  return io(url, {
    path: LIVE_PATH,
    transports: ['websocket'],
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    forceNew: true,
    ...options,
  });
}
