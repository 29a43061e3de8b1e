import type { Registry } from 'prom-client';
import { openSpoolReader } from '#lib/spool/reader.ts';
import type { BatchWrites } from '#lib/store/batch-writes.ts';
import type { Store } from '#lib/store/connect.ts';
import type { CursorPosition } from '#lib/store/spool-cursor.ts';
import { makeMetrics } from '#workers/shared/health.ts';
import type { Logger } from '#workers/shared/logger.ts';
import { Committer } from './committer.ts';
import { makeRecorderMetrics } from './recorder-metrics.ts';
import type { BatchLimits } from './tail.ts';
import { Tail } from './tail.ts';

/** What a recorder needs; it owns none of it but the spool's reader. */
export interface RecorderOptions {
  readonly store: Store;
  readonly log: Logger;
  /** Name of the spool: the key of its cursor. */
  readonly spool: string;
  readonly folder: string;
  readonly limits: BatchLimits;
  /** Ends when the spool is empty. */
  readonly drain?: boolean;
  /** How long a spool must be empty and without a writer before its open sessions count as lost. */
  readonly writerGoneMs?: number;
  /** False leaves the rules out, which only the bench does to tell what they cost. */
  readonly isDetecting?: boolean;
  /** Told after each commit how many messages were stored since the start. */
  readonly onProgress?: (stored: number) => void;
}

/** What a running recorder says of itself. */
export interface RecorderStatus {
  /** Age of the oldest record that was read and is not committed; 0 where there is none. */
  readonly behindMs: number;
  readonly spoolBytes: number;
  readonly isDatabaseAway: boolean;
  readonly openSessions: number;
  readonly stored: number;
}

export interface Recorder {
  readonly registry: Registry;
  /** Resolves when stopped or drained. Rejects with DS_RECORDER_FENCED where another recorder took over, or with an error of our own. */
  readonly done: Promise<void>;
  status(): RecorderStatus;
  /** Commits what was read, then ends; gives up after `withinMs` where the database is away. */
  stop(withinMs?: number): Promise<void>;
}

const WRITER_GONE_MS = 10_000;
const STOP_WITHIN_MS = 5_000;
const TRIM_EVERY_MS = 1_000;

/** Starts recording a spool, from its committed cursor on. */
export function startRecorder(options: RecorderOptions): Recorder {
  const { store, log, spool } = options;
  const reader = openSpoolReader({ folder: options.folder });
  const registry = makeMetrics('recorder');
  let stored = 0;
  let trimmedMs = performance.now();

  const status = (): RecorderStatus => ({
    behindMs: tail.oldestMs === null ? 0 : Math.max(0, Date.now() - tail.oldestMs),
    spoolBytes: reader.bytes(),
    isDatabaseAway: committer.isDatabaseAway,
    openSessions: tail.openSessions,
    stored,
  });
  const metrics = makeRecorderMetrics(registry, {
    behindMs: () => status().behindMs,
    spoolBytes: () => reader.bytes(),
    openSessions: () => tail.openSessions,
    duplicates: () => tail.duplicates,
  });
  const trim = (cursor: CursorPosition) => {
    if (performance.now() - trimmedMs < TRIM_EVERY_MS) return;
    trimmedMs = performance.now();
    reader.trim(cursor);
  };
  const onCommitted = (writes: BatchWrites, tookMs: number) => {
    stored += writes.events.length;
    metrics.events.inc(writes.events.length);
    metrics.batches.inc();
    metrics.losses.inc(writes.losses.length);
    metrics.batchEvents.observe(writes.events.length);
    metrics.commitSeconds.observe(tookMs / 1000);
    trim(writes.cursor.next);
    options.onProgress?.(stored);
  };
  const committer = new Committer({
    store,
    log,
    onCommitted,
    onRetry: () => metrics.retries.inc(),
    onQuarantined: (rows) => metrics.quarantined.inc(rows),
  });
  const tail = new Tail({
    spool,
    reader,
    store,
    committer,
    log,
    limits: options.limits,
    drain: options.drain ?? false,
    writerGoneMs: options.writerGoneMs ?? WRITER_GONE_MS,
    isDetecting: options.isDetecting ?? true,
  });
  let gaveUp = false;
  const done = tail
    .run()
    .catch((error) => {
      if (!gaveUp) throw error;
    })
    .finally(() => reader.close());
  done.catch(() => undefined);
  return {
    registry,
    done,
    status,
    stop: async (withinMs = STOP_WITHIN_MS) => {
      tail.stop();
      const limit = setTimeout(() => {
        gaveUp = true;
        committer.stop();
      }, withinMs);
      await done.catch(() => undefined);
      clearTimeout(limit);
    },
  };
}
