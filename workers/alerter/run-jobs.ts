import { EventEmitter } from 'node:events';
import type { Runner, WorkerEvents } from 'graphile-worker';
import { Logger as GraphileLogger, run } from 'graphile-worker';
import { z } from 'zod';
import { coerceError } from '#lib/base/errors.ts';
import type { Store } from '#lib/store/connect.ts';
import { holdPresence } from '#lib/store/hold-presence.ts';
import { postponeJob } from '#lib/store/postpone-job.ts';
import { unlockAbandonedJobs } from '#lib/store/unlock-abandoned-jobs.ts';
import { DELIVERY_TASK } from '#lib/store/write-incidents.ts';
import type { Logger } from '#workers/shared/logger.ts';
import { deliver } from './deliver.ts';

const CONCURRENCY = 4;
/** One connection per job under way, one that listens, one that looks. */
const POOL_SIZE = CONCURRENCY + 2;
const POLL_MS = 1000;
const UNLOCK_EVERY_MS = 2000;

const PAYLOAD = z.object({ id: z.uuid() });

export interface JobOptions {
  readonly store: Store;
  /** A direct connection: jobs are announced with NOTIFY. */
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly log: Logger;
  readonly onAttempt: (state: 'delivered' | 'pending' | 'failed') => void;
}

export interface JobRunner {
  /** Resolves once stopped; rejects when the jobs run no more without that. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** Sends deliveries: migrates the job tables, then runs jobs until stopped. */
export async function runJobs(options: JobOptions): Promise<JobRunner> {
  const presence = holdPresence(options.url);
  const events: WorkerEvents = new EventEmitter();
  // Jobs are taken in the name of the pool, not of its workers.
  events.on('pool:create', ({ workerPool }) => presence.announce(workerPool.id));
  // What ended the runner: its own promise resolves all the same.
  let cause: unknown = null;
  events.on('pool:fatalError', ({ error }) => {
    cause = error;
  });
  const runner = await startRunner(options, events);
  const unlock = () =>
    unlockAbandonedJobs(options.store).then(
      (dead) =>
        dead.length > 0 && options.log.warn({ workers: dead.length }, 'took over the deliveries of an alerter that is gone'),
      (thrown: unknown) => options.log.warn({ err: coerceError(thrown) }, 'cannot look for abandoned deliveries'),
    );
  const timer = setInterval(() => void unlock(), UNLOCK_EVERY_MS);
  let isStopping = false;
  return {
    done: runner.promise.then(() => {
      if (!isStopping) throw new Error('The deliveries run no more.', { cause });
    }),
    stop: async () => {
      isStopping = true;
      clearInterval(timer);
      await runner.stop().catch(() => undefined);
      await presence.close();
    },
  };
}

function startRunner({ store, url, allowPrivate, log, onAttempt }: JobOptions, events: WorkerEvents): Promise<Runner> {
  return run({
    connectionString: url,
    maxPoolSize: POOL_SIZE,
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    // Without a batch of its own, what became of the last job is written by nobody when the runner stops. A batch that fails is not tried
    // again: it ends the runner.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    parsedCronItems: [],
    logger: graphileLogger(log),
    events,
    taskList: {
      [DELIVERY_TASK]: async (payload, { job }) => {
        const { id } = PAYLOAD.parse(payload);
        const attempt = await deliver({ store, allowPrivate, log, deliveryId: id, isLast: job.attempts >= job.max_attempts });
        if (attempt === null) return;
        onAttempt(attempt.state);
        log.info({ delivery: id, state: attempt.state, status: attempt.status, reason: attempt.error }, 'delivery');
        if (attempt.state !== 'pending') return;
        if (attempt.retryAfterMs !== null) await postponeJob(store, job.id, attempt.retryAfterMs);
        // Thrown so that the job is tried again, later each time.
        throw new Error(attempt.error ?? 'not delivered');
      },
    },
  });
}

/** Its lines in our log; what it adds to them (payloads, jobs) is left out. */
function graphileLogger(log: Logger): GraphileLogger {
  return new GraphileLogger(() => (level, message) => {
    if (level === 'error') log.warn(message);
    else log.debug(message);
  });
}
