import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnv } from '#lib/config/env.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import { eventually } from './eventually.ts';

/** The real alerter, as a process of its own. */
export interface AlerterProcess {
  readonly process: ChildProcess;
  output(): string;
  /** Ends it with a signal and waits. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts the alerter and waits until it watches. */
export async function startAlerterProcess(
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<AlerterProcess> {
  const child = spawn(process.execPath, [join(ROOT_FOLDER, 'workers/alerter/main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnv({
      ...{
        DATABASE_URL: databaseUrl,
        DELTASCOPE_ALERTER_PORT: '0',
        DELTASCOPE_LOG_FORMAT: 'json',
        DELTASCOPE_LOG_LEVEL: 'debug',
      },
      ...{
        DELTASCOPE_ALERT_ALLOW_PRIVATE: '1',
        DELTASCOPE_ALERT_TICK_MS: '200',
        DELTASCOPE_PUBLIC_URL: 'https://deltascope.example',
      },
      ...env,
    }),
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  const output = () => lines.join('');
  await eventually(
    'the alerter watches',
    () => {
      if (child.exitCode !== null) throw new Error(`The alerter ended:\n${output()}`);
      return output().includes('watching for anomalies');
    },
    30_000,
  );
  return {
    process: child,
    output,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}
