import { setTimeout as sleep } from 'node:timers/promises';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { Env } from '#lib/config/env.ts';
import { readEnv } from '#lib/config/env.ts';
import type { Logger } from './logger.ts';
import { makeLogger } from './logger.ts';

/**
 * How every worker starts and ends.
 *
 * running ──first signal, parent gone, crash──▶ stopping ──handlers done──▶ exit
 *                                                  │ second signal
 *                                                  └──────────────────────▶ exit at once
 *
 * Stopping runs the handlers in reverse order of their registration, each with a limit of its own.
 */

type StopHandler = () => Promise<void> | void;

interface Stop {
  readonly name: string;
  readonly run: StopHandler;
  readonly withinMs: number;
}

/** What a worker's main function is given. */
export interface WorkerContext {
  readonly env: Env;
  readonly log: Logger;
}

const STOP_WITHIN_MS = 10_000;

/** npm passes Ctrl-C on to a process that the terminal has told already; both arrive as one. */
const SAME_SIGNAL_MS = 500;

const EXIT_FAILED = 1;
const EXIT_FORCED = 130;

const stops: Stop[] = [];
let stoppingSince: number | null = null;

/** Registers what a graceful end has to do; the last registered runs first. A handler that exceeds `withinMs` is left behind. */
export function onShutdown(name: string, run: StopHandler, options: { readonly withinMs?: number } = {}): void {
  stops.push({ name, run, withinMs: options.withinMs ?? STOP_WITHIN_MS });
}

/**
 * Runs a worker's main function: settings, logger, signals, exit code.
 * `options.format` is the log's form where neither setting nor terminal decides. A `DeltascopeError` becomes one clear line and exit code 1; anything else thrown is logged with its stack.
 */
export async function runWorker(
  name: string,
  main: (context: WorkerContext) => Promise<void>,
  options: { readonly format?: 'json' | 'pretty' } = {},
): Promise<void> {
  let log: Logger | null = null;
  try {
    const env = readEnv();
    log = makeLogger({ worker: name, level: env.DELTASCOPE_LOG_LEVEL, format: env.DELTASCOPE_LOG_FORMAT ?? options.format });
    listenForEnd(log);
    await main({ env, log });
  } catch (thrown) {
    // What an end interrupts is no failure.
    if (stoppingSince === null) await failWith(coerceError(thrown), log);
  }
}

function listenForEnd(log: Logger): void {
  // Whoever read the output may be gone. The work goes on; a report of each lost line would be a lost line again, without an end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => onSignal(signal, log));
  process.on('uncaughtException', (error) => void failWith(coerceError(error), log));
  process.on('unhandledRejection', (reason) => void failWith(coerceError(reason), log));
  if (process.channel === undefined) return;
  // Started by a supervisor: when it is gone, nobody would ever stop this process.
  process.once('disconnect', () => void endProcess('the supervisor is gone', 0, log));
  process.channel.unref();
}

function onSignal(signal: string, log: Logger): void {
  if (stoppingSince === null) void endProcess(signal, 0, log);
  else if (Date.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(EXIT_FORCED);
}

async function failWith(error: Error, log: Logger | null): Promise<void> {
  if (log === null) process.stderr.write(`${error instanceof DeltascopeError ? error.toSentence() : error.stack}\n`);
  else if (error instanceof DeltascopeError) log.fatal({ code: error.code }, error.toSentence());
  else log.fatal(error);
  await endProcess('failure', EXIT_FAILED, log);
}

async function endProcess(cause: string, exitCode: number, log: Logger | null): Promise<void> {
  if (stoppingSince !== null) return;
  stoppingSince = Date.now();
  if (exitCode === 0) log?.info({ cause }, 'stopping');
  for (const stop of stops.toReversed()) await runStop(stop, log);
  process.exit(exitCode);
}

async function runStop(stop: Stop, log: Logger | null): Promise<void> {
  const limit = new AbortController();
  const late = sleep(stop.withinMs, 'late', { signal: limit.signal }).catch(() => 'ended');
  try {
    const first = await Promise.race([Promise.resolve(stop.run()).then(() => 'ended'), late]);
    if (first === 'late') log?.warn({ part: stop.name, withinMs: stop.withinMs }, 'did not stop in time');
  } catch (thrown) {
    log?.error({ part: stop.name, err: coerceError(thrown) }, 'failed to stop');
  } finally {
    limit.abort();
  }
}
