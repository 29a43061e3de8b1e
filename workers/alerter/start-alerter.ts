import type { Registry } from 'prom-client';
import { Counter } from 'prom-client';
import type { WallMicros } from '#lib/base/brand.ts';
import { coerceError } from '#lib/base/errors.ts';
import type { Store } from '#lib/store/connect.ts';
import { listenCommits } from '#lib/store/listen-commits.ts';
import { pruneAlerts } from '#lib/store/prune-alerts.ts';
import { hasAnomalyNotices } from '#lib/store/take-anomaly-notices.ts';
import { makeMetrics } from '#workers/shared/health.ts';
import type { Logger } from '#workers/shared/logger.ts';
import { evaluate } from './evaluate.ts';
import { EvaluationLoop } from './evaluation-loop.ts';
import { runJobs } from './run-jobs.ts';

const PRUNE_EVERY_MS = 3_600_000;

export interface AlerterOptions {
  readonly store: Store;
  /** Direct connection for LISTEN and for jobs. */
  readonly directUrl: string;
  /** Where messages lead. */
  readonly publicUrl: string;
  readonly allowPrivate: boolean;
  /** How often shares, renotification and resolution are looked at. */
  readonly tickMs: number;
  /** Days that what is over is kept; 0 keeps it for ever. */
  readonly retentionDays: number;
  readonly log: Logger;
}

export interface Alerter {
  readonly registry: Registry;
  readonly isListening: () => boolean;
  /** Rejects where the jobs cannot run any more. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** Starts to send what is due, then to look at what is new: the tables of jobs must be there before anything is decided. */
export async function startAlerter({
  store,
  directUrl,
  publicUrl,
  allowPrivate,
  tickMs,
  retentionDays,
  log,
}: AlerterOptions): Promise<Alerter> {
  const registry = makeMetrics('alerter');
  const metrics = makeAlerterMetrics(registry);
  const jobs = await runJobs({
    store,
    url: directUrl,
    allowPrivate,
    log,
    onAttempt: (outcome) => metrics.attempts.inc({ outcome: outcome === 'pending' ? 'retry' : outcome }),
  });
  const look = async (isTick: boolean) => {
    if (!isTick && !(await hasAnomalyNotices(store))) return false;
    const { opened, messages, more } = await evaluate(store, { now: (Date.now() * 1000) as WallMicros, publicUrl, isTick });
    metrics.opened.inc(opened);
    if (opened > 0 || messages > 0) log.info({ opened, messages }, 'incidents');
    return more;
  };
  const loop = new EvaluationLoop({ look, tickMs, log });
  const listener = listenCommits({
    url: directUrl,
    onCommit: () => loop.wake(),
    onState: (broken) => {
      if (broken !== null) log.warn({ err: broken }, 'cannot hear of commits; looking each second instead');
    },
  });
  const prune = () =>
    pruneAlerts(store, retentionDays).catch((thrown: unknown) =>
      log.warn({ err: coerceError(thrown) }, 'cannot delete old incidents'),
    );
  void prune();
  const pruner = setInterval(() => void prune(), PRUNE_EVERY_MS);
  return {
    registry,
    isListening: listener.isListening,
    done: jobs.done,
    stop: async () => {
      clearInterval(pruner);
      await listener.close();
      await loop.stop();
      await jobs.stop();
    },
  };
}

function makeAlerterMetrics(registry: Registry): { readonly opened: Counter; readonly attempts: Counter<'outcome'> } {
  const registers = [registry];
  return {
    opened: new Counter({ name: 'deltascope_incidents_opened', help: 'Incidents opened.', registers }),
    attempts: new Counter({
      name: 'deltascope_delivery_attempts',
      help: 'Attempts to deliver a message, by what became of them.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
