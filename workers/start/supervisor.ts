import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeltascopeError } from '#lib/base/errors.ts';
import { childEnv } from '#lib/config/env.ts';
import type { Logger } from '#workers/shared/logger.ts';
import { waitUntilReady } from './probe-ready.ts';
import type { WorkerSpec } from './worker-table.ts';

/**
 * Keeps the workers of one machine running.
 *
 *   starting ──/readyz says yes──▶ running ──exit──▶ waiting (back-off) ──▶ running …
 *      └─exit or too late──▶ failed: the whole start ends
 *
 * Only a worker that has ended is started again. A living one is never touched, whatever it answers: a tap carries calls.
 */

/** Wait before the 1st, 2nd, … restart in a row. */
const BACKOFF_MS = [250, 1000, 2000, 5000, 10_000, 30_000];
/** A worker that lived this long starts the table from the top. */
const HEALTHY_AFTER_MS = 60_000;
const READY_WITHIN_MS = 60_000;
/** A stop that takes longer is explained to whoever waits for it. */
const EXPLAIN_STOP_MS = 2000;

export interface SupervisorOptions {
  /** The environment that every worker gets on top of this process's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** Called with each line that a worker prints. */
  readonly onLine: (worker: string, line: string) => void;
}

interface Running {
  readonly spec: WorkerSpec;
  child: ChildProcess;
  startedAt: number;
  /** Restarts in a row. */
  failures: number;
}

/** Starts, watches and ends workers. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running: Running[] = [];
  #isStopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    // Whatever ends this process, no worker stays behind.
    process.once('exit', () => this.#killAll());
  }

  /**
   * Starts a worker and waits until it is ready.
   * @throws DeltascopeError DS_START_WORKER_FAILED where it ends before, or takes too long.
   */
  async start(spec: WorkerSpec): Promise<void> {
    const running: Running = { spec, child: this.#launch(spec), startedAt: Date.now(), failures: 0 };
    this.#running.push(running);
    const over = new AbortController();
    const early = once(running.child, 'exit', { signal: over.signal }).then(
      ([code, signal]) => `ended with ${describeExit(code, signal)} before it was ready`,
      () => null,
    );
    const limit = AbortSignal.any([over.signal, AbortSignal.timeout(READY_WITHIN_MS)]);
    const ready = waitUntilReady(spec.host, spec.port, limit).then((answer) =>
      answer?.ready === true ? null : `was not ready within ${READY_WITHIN_MS / 1000} s (${answer?.body ?? 'no answer'})`,
    );
    const problem = await Promise.race([early, ready]);
    over.abort();
    if (problem !== null) throw new DeltascopeError('DS_START_WORKER_FAILED', `The ${spec.name} ${problem}.`);
    running.child.once('exit', (code, signal) => void this.#onExit(running, code, signal));
  }

  /** Ends all workers in the order of the table, each after the one before it has ended. */
  async stop(order: readonly WorkerSpec[]): Promise<void> {
    this.#isStopping = true;
    for (const { name } of order) {
      const running = this.#running.find((candidate) => candidate.spec.name === name);
      if (running !== undefined) await this.#stopOne(running);
    }
  }

  #launch(spec: WorkerSpec): ChildProcess {
    const { env, onLine } = this.#options;
    const child = spawn(process.execPath, [...spec.nodeFlags, spec.entry], {
      env: childEnv({ ...env, ...spec.env }),
      // The channel carries nothing: its end tells the worker that nobody supervises it any more.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A process group of its own: Ctrl-C reaches only the supervisor, which knows the order.
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) forEachLine(stream, (line) => onLine(spec.name, line));
    return child;
  }

  async #onExit(running: Running, code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (this.#isStopping) return;
    if (Date.now() - running.startedAt > HEALTHY_AFTER_MS) running.failures = 0;
    const waitMs = BACKOFF_MS[Math.min(running.failures, BACKOFF_MS.length - 1)] ?? 0;
    running.failures += 1;
    this.#options.log.warn({ restartInMs: waitMs }, `the ${running.spec.name} ended with ${describeExit(code, signal)}`);
    await sleep(waitMs);
    if (this.#isStopping) return;
    running.child = this.#launch(running.spec);
    running.startedAt = Date.now();
    running.child.once('exit', (...exit) => void this.#onExit(running, ...exit));
  }

  async #stopOne({ spec, child }: Running): Promise<void> {
    if (hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const explain = setTimeout(() => {
      this.#options.log.info(`waiting for the ${spec.name} to finish its work; Ctrl-C again ends everything now`);
    }, EXPLAIN_STOP_MS);
    const kill = setTimeout(() => child.kill('SIGKILL'), spec.stopWithinMs);
    await ended;
    clearTimeout(explain);
    clearTimeout(kill);
  }

  #killAll(): void {
    for (const { child } of this.#running) if (!hasEnded(child)) child.kill('SIGKILL');
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function describeExit(code: number | null, signal: string | null): string {
  return signal === null ? `status ${code}` : `signal ${signal}`;
}

function forEachLine(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}
