import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { coerceError } from '#lib/base/errors.ts';
import type { PositionedRecord, SpoolPosition, SpoolReader } from '#lib/spool/reader.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { checkSchema } from '#lib/store/check-schema.ts';
import type { Store } from '#lib/store/connect.ts';
import { readSpoolCursor } from '#lib/store/spool-cursor.ts';
import { classifyFailure, failureSentence } from '#lib/store/store-failure.ts';
import type { Logger } from '#workers/shared/logger.ts';
import type { Committer } from './committer.ts';
import { planBatch } from './plan-batch.ts';
import { restoreOpenSessions, restoreStoredSession } from './restore-sessions.ts';
import { SessionBook } from './session-book.ts';

/** When a batch is full: whichever comes first. */
export interface BatchLimits {
  readonly rows: number;
  readonly bytes: number;
  readonly ms: number;
}

export interface TailOptions {
  readonly spool: string;
  readonly reader: SpoolReader;
  readonly store: Store;
  readonly committer: Committer;
  readonly log: Logger;
  readonly limits: BatchLimits;
  /** Ends when the spool is empty, instead of waiting for more. */
  readonly drain: boolean;
  /** How long a spool must be empty and without a writer before its open sessions are lost. */
  readonly writerGoneMs: number;
  readonly isDetecting: boolean;
}

/** Most records of one read. */
const RECORDS_PER_READ = 500;
/** Records between two looks at what else is to be done: the batch under way must not wait for the next one to be read. */
const RECORDS_PER_TURN = 50;
const POLL_MS = 5;
const IDLE_POLL_MS = 20;
const IDLE_AFTER_MS = 1_000;
const WRITER_LOOK_MS = 500;
const START_RETRY_MS = 500;

/**
 * Reads a spool from its committed cursor on, and makes batches of what it reads.
 *
 * restoring ──▶ reading ──full or old enough──▶ submitting ──room for one more──▶ reading
 *                  │ empty                                                          ▲
 *                  └──▶ waiting (writer gone for long: open sessions are lost) ─────┘
 */
export class Tail {
  readonly #options: TailOptions;
  readonly #owner = randomUUID();
  #book: SessionBook;
  /** Up to where records were read. */
  #position: SpoolPosition | null = null;
  /** Where the cursor stands once everything submitted is committed. */
  #planned: SpoolPosition | null = null;
  /** Set where the spool turned out to be another one: sessions may come again that are stored already. */
  #mayRepeat = false;
  /** Wall time of the first record since the last batch. */
  #oldestMs: number | null = null;
  #stopping = false;
  #lastRecordMs = performance.now();
  #writerGoneSince: number | null = null;
  #writerLookedMs = 0;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#book = new SessionBook(options.spool, options.isDetecting);
  }

  get openSessions(): number {
    return this.#book.size;
  }

  get duplicates(): number {
    return this.#book.duplicates;
  }

  /** Wall time of the oldest record that was read and is not committed; null where there is none. */
  get oldestMs(): number | null {
    return this.#options.committer.oldestMs ?? this.#oldestMs;
  }

  /** Runs until stopped, or drained. */
  async run(): Promise<void> {
    await this.#restore();
    while (!this.#stopping) {
      const found = await this.#fillBatch();
      if (found) await this.#submit();
      else if (!(await this.#wait())) break;
    }
    await this.#options.committer.idle();
  }

  /** Lets the batch at hand be the last. */
  stop(): void {
    this.#stopping = true;
  }

  async #restore(): Promise<void> {
    const { store, spool, log } = this.#options;
    while (!this.#stopping) {
      try {
        await checkSchema(store);
        const cursor = await readSpoolCursor(store, spool);
        this.#position = cursor === null ? null : { epoch: cursor.epoch, segment: cursor.segment, position: cursor.position };
        this.#planned = this.#position;
        for (const session of await restoreOpenSessions(store, spool)) this.#book.adopt(session);
        log.info({ spool, cursor: this.#position, openSessions: this.#book.size }, 'recording goes on from here');
        return;
      } catch (thrown) {
        const error = coerceError(thrown);
        if (classifyFailure(error) !== 'away') throw error;
        log.warn({ reason: failureSentence(error) }, 'the database does not answer yet');
        this.#book = new SessionBook(spool, this.#options.isDetecting);
        await sleep(START_RETRY_MS);
      }
    }
  }

  /** Reads until a limit is reached; false where there was nothing to read. */
  async #fillBatch(): Promise<boolean> {
    const { reader, limits, committer } = this.#options;
    const startedMs = performance.now();
    let rows = 0;
    let bytes = 0;
    for (;;) {
      const left = { rows: Math.min(limits.rows - rows, RECORDS_PER_READ), bytes: limits.bytes - bytes };
      const read = reader.read(this.#position, left);
      if (read.state === 'wiped' || read.state === 'rolled_back') {
        if (!this.#followNewSpool(read.state, read.detail)) return rows > 0;
        continue;
      }
      for (const { record } of read.records) bytes += record.kind === 'message' ? record.payload.byteLength : 0;
      await this.#takeAll(read.records);
      rows += read.records.length;
      this.#position = read.next;
      if (rows === 0) return false;
      // While the batch before is under way this one could only wait: it goes on filling.
      const isOld = performance.now() - startedMs >= limits.ms && committer.pending === 0;
      if (rows >= limits.rows || bytes >= limits.bytes || isOld || this.#stopping) return true;
      if (read.records.length === 0) await sleep(POLL_MS);
    }
  }

  async #takeAll(records: readonly PositionedRecord[]): Promise<void> {
    const first = records[0];
    if (first !== undefined) this.#oldestMs ??= this.#readAtMs(first.record);
    for (const [index, { position, record }] of records.entries()) {
      if (index % RECORDS_PER_TURN === 0) await nextTurn();
      if (this.#mustLoad(record)) await this.#load(record.sessionId);
      this.#book.take(record);
      this.#position = position;
    }
    if (records.length > 0) this.#lastRecordMs = performance.now();
  }

  /** Whether a record may speak of a session that the store knows and the book does not. */
  #mustLoad(record: SpoolRecord): record is SpoolRecord & { kind: 'message' | 'loss' | 'session_open' | 'session_close' } {
    if (record.kind === 'watermark' || record.kind === 'writer_start' || this.#book.has(record.sessionId)) return false;
    return record.kind !== 'session_open' || this.#mayRepeat;
  }

  async #load(id: Parameters<typeof restoreStoredSession>[1]): Promise<void> {
    await this.#submit();
    await this.#options.committer.idle();
    const session = await this.#whileAway(() => restoreStoredSession(this.#options.store, id));
    if (session !== null) this.#book.adopt(session);
  }

  /** Repeats a read until the database answers. */
  async #whileAway<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await read();
      } catch (thrown) {
        if (this.#stopping || classifyFailure(coerceError(thrown)) !== 'away') throw thrown;
        await sleep(START_RETRY_MS);
      }
    }
  }

  /** Goes on with a spool that is not the one it was, once it holds anything; what was open in the old one is lost. */
  #followNewSpool(state: 'wiped' | 'rolled_back', detail: string): boolean {
    const { reader, log, spool } = this.#options;
    const start = reader.read(null, { rows: 1, bytes: 1 });
    if (start.state !== 'records') return false;
    log.error({ spool, detail }, state === 'wiped' ? 'the spool was wiped' : 'the spool was rolled back');
    this.#book.closeAllAsLost();
    const cause = state === 'wiped' ? 'spool_wiped' : 'spool_rolled_back';
    const nobodyKnows = { sessionId: null, fromSeq: null, toSeq: null, messages: null, bytes: null };
    this.#book.noteLoss({ ...nobodyKnows, cause, detail: `What spool ${spool} held and was not recorded is gone: ${detail}.` });
    this.#position = null;
    this.#mayRepeat = true;
    return true;
  }

  async #submit(): Promise<void> {
    const { spool, committer } = this.#options;
    const changes = this.#book.takeChanges();
    if (this.#position === null) return;
    const cursor = { spool, expected: this.#planned, next: this.#position, owner: this.#owner };
    this.#planned = this.#position;
    const oldestMs = this.#oldestMs;
    this.#oldestMs = null;
    await committer.submit(planBatch(changes, cursor, performance.now()), oldestMs);
  }

  /** How old a record is for those who wait for it: an import's own times are long past. */
  #readAtMs(record: SpoolRecord): number {
    return this.#options.drain || record.at === null ? Date.now() : record.at / 1000;
  }

  /** Waits for records; false where none are to be expected. */
  async #wait(): Promise<boolean> {
    const { drain, committer } = this.#options;
    if (committer.pending > 0 && drain) await committer.idle();
    if (this.#isWriterGone() && this.#book.size > 0) {
      this.#options.log.warn({ openSessions: this.#book.size }, 'the writer of the spool is gone; its open sessions are lost');
      this.#book.closeAllAsLost();
      await this.#submit();
    }
    if (drain) return false;
    await sleep(performance.now() - this.#lastRecordMs > IDLE_AFTER_MS ? IDLE_POLL_MS : POLL_MS);
    return true;
  }

  #isWriterGone(): boolean {
    const now = performance.now();
    const { reader, drain, writerGoneMs } = this.#options;
    if (this.#book.size === 0) return false;
    if (drain) return !reader.isWriterAlive();
    if (now - this.#writerLookedMs >= WRITER_LOOK_MS) {
      this.#writerLookedMs = now;
      this.#writerGoneSince = reader.isWriterAlive() ? null : (this.#writerGoneSince ?? now);
    }
    const since = Math.max(this.#writerGoneSince ?? Number.POSITIVE_INFINITY, this.#lastRecordMs);
    return now - since >= writerGoneMs;
  }
}
