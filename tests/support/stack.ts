import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { childEnv } from '#lib/config/env.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import { freePorts } from './free-ports.ts';
import { makeTempFolder } from './temp-folder.ts';

/** Everything that `npm start` runs, for real, on ports and in a folder of its own. */
export interface Stack {
  readonly process: ChildProcess;
  readonly folder: string;
  readonly dashboardUrl: string;
  /** `ws:` and `http:` origin of the tap without scheme, e.g. `127.0.0.1:41234`. */
  readonly tap: string;
  readonly tapTls: string;
  readonly simulator: string;
  /** Origin of the recorder's health and metrics. */
  readonly recorder: string;
  readonly caFile: string;
  /** Everything that was printed so far. */
  output(): string;
  /** Resolves when `text` has been printed; rejects when the process ends before. */
  waitFor(text: string | RegExp, timeoutMs?: number): Promise<void>;
  /** Sends a signal and waits for the end; gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface StackOptions {
  /** Data folder of an earlier stack; without it a new one. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Return at once, without waiting for readiness. */
  readonly isUnready?: boolean;
  /** In a shell, as npm does it; `process` and `stop` are the shell's. */
  readonly inShell?: boolean;
}

const READY = 'Deltascope is ready';
const READY_WITHIN_MS = 240_000;

/** Starts `npm start`'s program and waits until it says that it is ready. The caller stops it and removes its folder. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const folder = options.folder ?? makeTempFolder('stack');
  const [dashboard, tap, tapTls, recorder, alerter, simulator, simulatorTls] = await freePorts(7);
  const command = [process.execPath, join(ROOT_FOLDER, 'workers/start/main.ts')] as const;
  const [program, ...args] = options.inShell ? (['sh', '-c', '"$0" "$1"; exit $?', ...command] as const) : command;
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnv({
      DATABASE_URL: undefined,
      DELTASCOPE_DATA_DIR: folder,
      DELTASCOPE_PORT: String(dashboard),
      DELTASCOPE_TAP_PORT: String(tap),
      DELTASCOPE_TAP_TLS_PORT: String(tapTls),
      DELTASCOPE_RECORDER_PORT: String(recorder),
      DELTASCOPE_ALERTER_PORT: String(alerter),
      DELTASCOPE_SIMULATOR_PORT: String(simulator),
      DELTASCOPE_SIMULATOR_TLS_PORT: String(simulatorTls),
      ...options.env,
    }),
  });
  const stack = describeStack(child, folder, {
    dashboardUrl: `http://127.0.0.1:${dashboard}`,
    tap: `127.0.0.1:${tap}`,
    tapTls: `localhost:${tapTls}`,
    simulator: `127.0.0.1:${simulator}`,
    recorder: `http://127.0.0.1:${recorder}`,
    caFile: join(folder, 'ca', 'ca.pem'),
  });
  if (options.isUnready !== true) await stack.waitFor(READY, READY_WITHIN_MS);
  return stack;
}

/** Removes what a stack that has ended leaves behind. */
export function removeStackFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

type Addresses = Pick<Stack, 'dashboardUrl' | 'tap' | 'tapTls' | 'simulator' | 'recorder' | 'caFile'>;

function describeStack(child: ChildProcess, folder: string, addresses: Addresses): Stack {
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (part: string) => parts.push(part));
  const exited = once(child, 'exit');
  const output = () => parts.join('');
  return {
    process: child,
    folder,
    ...addresses,
    output,
    waitFor: (wanted, timeoutMs = 30_000) => waitForText(child, output, wanted, timeoutMs),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

async function waitForText(child: ChildProcess, output: () => string, wanted: string | RegExp, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const isThere = () => (typeof wanted === 'string' ? output().includes(wanted) : wanted.test(output()));
  while (!isThere()) {
    const state =
      child.exitCode !== null ? `ended with status ${child.exitCode}` : Date.now() > deadline ? 'ran out of time' : null;
    if (state !== null) throw new Error(`npm start ${state} before it printed ${wanted}:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
