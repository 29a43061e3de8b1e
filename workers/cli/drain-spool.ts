import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DeltascopeError } from '#lib/base/errors.ts';
import { childEnv } from '#lib/config/env.ts';

const RECORDER = fileURLToPath(new URL('../recorder/main.ts', import.meta.url));

export interface DrainOptions {
  readonly folder: string;
  readonly name: string;
  readonly databaseUrl: string;
  /** Called with the number of messages stored so far. */
  readonly onProgress: (stored: number) => void;
}

/**
 * Stores everything that a spool holds: the recorder itself, in a process of its own, until the spool is empty. So an import goes the
 * same way as a live call, with or without a running `npm start`.
 * @throws DeltascopeError DS_IMPORT_FAILED with the recorder's last words.
 */
export async function drainSpool(options: DrainOptions): Promise<void> {
  const recorder = spawn(
    process.execPath,
    [RECORDER, '--spool', options.folder, '--name', options.name, '--drain', '--progress'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: childEnv({ DATABASE_URL: options.databaseUrl, DELTASCOPE_LOG_LEVEL: 'warn', DELTASCOPE_LOG_FORMAT: 'json' }),
    },
  );
  let lastWords = '';
  recorder.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
  });
  createInterface({ input: recorder.stdout }).on('line', (line) => {
    const stored = storedOf(line);
    if (stored === null) lastWords = `${lastWords}\n${line}`.slice(-2000);
    else options.onProgress(stored);
  });
  const [status] = await once(recorder, 'close');
  if (status !== 0)
    throw new DeltascopeError('DS_IMPORT_FAILED', `The recorder ended with status ${status}: ${lastWords.trim()}`);
}

/** The count of a progress line `{"stored":123}`, or null for any other line. */
function storedOf(line: string): number | null {
  const match = /^\{"stored":(\d+)\}$/.exec(line);
  return match === null ? null : Number(match[1]);
}
