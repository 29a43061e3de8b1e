import { setTimeout as sleep } from 'node:timers/promises';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { BatchWrites } from '#lib/store/batch-writes.ts';
import type { PreparedBatch } from '#lib/store/commit-batch.ts';
import { commitBatch, prepareBatch } from '#lib/store/commit-batch.ts';
import type { Store } from '#lib/store/connect.ts';
import { quarantineRefused } from '#lib/store/quarantine.ts';
import { isSamePosition, readSpoolCursor } from '#lib/store/spool-cursor.ts';
import { classifyFailure, failureSentence, sqlStateOf } from '#lib/store/store-failure.ts';
import type { Logger } from '#workers/shared/logger.ts';

/** Waits between attempts while the database is away; the last one repeats. */
const RETRY_MS = [50, 100, 250, 500, 1000, 2000] as const;
const JITTER = 0.25;
/** Most often that the log says that the database is still away. */
const LOG_EVERY_MS = 10_000;

/** What the committer tells its owner. */
export interface CommitterOptions {
  readonly store: Store;
  readonly log: Logger;
  readonly onCommitted: (writes: BatchWrites, tookMs: number) => void;
  readonly onRetry: (sqlState: string | null) => void;
  readonly onQuarantined: (rows: number) => void;
}

/**
 * Commits batches one after the other while the next one is being made. A batch is computed once: whatever happens to the
 * connection, the same writes are sent again until they are in, or until the spool's cursor turns out to be moved by another.
 */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #stopped = new AbortController();
  #queue: Promise<void> = Promise.resolve();
  /** Wall time of the first record of each batch that is not committed yet. */
  readonly #waiting: (number | null)[] = [];
  #isAway = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Whether the last attempt found the database. */
  get isDatabaseAway(): boolean {
    return this.#isAway;
  }

  /** Batches that are not committed yet. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** Wall time of the oldest record that was submitted and is not committed; null where there is none. */
  get oldestMs(): number | null {
    return this.#waiting.find((oldestMs) => oldestMs !== null) ?? null;
  }

  /**
   * Takes a batch; resolves when there is room for the next one, which is when the one before this is committed.
   * @param oldestMs wall time of its first record; null for a batch that no record caused
   * @throws DeltascopeError DS_RECORDER_FENCED, or an error of our own that retrying cannot mend
   */
  async submit(writes: BatchWrites, oldestMs: number | null): Promise<void> {
    const batch = prepareBatch(writes);
    const before = this.#queue;
    this.#waiting.push(oldestMs);
    this.#queue = before.then(async () => {
      await this.#commit(batch);
    });
    // The owner learns of a failure with its next call; until then it is not unhandled.
    this.#queue.catch(() => undefined);
    await before;
  }

  /** Resolves when everything submitted is committed. */
  async idle(): Promise<void> {
    await this.#queue;
  }

  /** Gives up waiting for a database that is away; what is not committed is still in the spool. */
  stop(): void {
    this.#stopped.abort(new Error('stopped'));
  }

  async #commit(first: PreparedBatch): Promise<void> {
    const startedMs = performance.now();
    let batch = first;
    let loggedMs = Number.NEGATIVE_INFINITY;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await commitBatch(this.#options.store, batch);
        break;
      } catch (thrown) {
        const error = coerceError(thrown);
        const failure = classifyFailure(error);
        if (failure === 'broken') throw error;
        if (failure === 'fenced') {
          if (attempt > 0 && (await this.#isOwnStep(batch))) break;
          throw fencedError(batch, error);
        }
        this.#options.onRetry(sqlStateOf(error));
        if (failure === 'refused') batch = await this.#withoutRefused(batch, error);
        else if (performance.now() - loggedMs > LOG_EVERY_MS) loggedMs = this.#logAway(error);
        this.#isAway = failure === 'away';
        await this.#pause(attempt);
      }
    }
    this.#isAway = false;
    this.#waiting.shift();
    this.#options.onCommitted(batch.writes, performance.now() - startedMs);
  }

  /** Whether the cursor moved because an attempt of ours had reached the database after all, and only its answer was lost. */
  async #isOwnStep({ writes: { cursor } }: PreparedBatch): Promise<boolean> {
    const row = await readSpoolCursor(this.#options.store, cursor.spool);
    return row?.owner === cursor.owner && isSamePosition(row, cursor.next);
  }

  async #withoutRefused(batch: PreparedBatch, error: Error): Promise<PreparedBatch> {
    const { store, log, onQuarantined } = this.#options;
    const { writes, rows } = await quarantineRefused(store, batch.writes).catch((thrown) => {
      log.warn({ reason: failureSentence(coerceError(thrown)) }, 'could not look for refused rows');
      return { writes: batch.writes, rows: 0 };
    });
    log.error(
      { reason: failureSentence(error), sqlState: sqlStateOf(error), rows },
      'the database refused rows; they are set aside',
    );
    onQuarantined(rows);
    return rows === 0 ? batch : prepareBatch(writes);
  }

  #logAway(error: Error): number {
    const waiting = { reason: failureSentence(error), sqlState: sqlStateOf(error) };
    this.#options.log.warn(waiting, 'the database does not take the batch; recording goes on in the spool');
    return performance.now();
  }

  async #pause(attempt: number): Promise<void> {
    const delay = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 0;
    await sleep(delay * (1 - JITTER + 2 * JITTER * Math.random()), undefined, { signal: this.#stopped.signal });
  }
}

function fencedError({ writes: { cursor } }: PreparedBatch, cause: Error): DeltascopeError {
  const place =
    cursor.expected === null ? 'its beginning' : `segment ${cursor.expected.segment}, position ${cursor.expected.position}`;
  return new DeltascopeError('DS_RECORDER_FENCED', `Spool ${cursor.spool}: another recorder went on from ${place}.`, { cause });
}
