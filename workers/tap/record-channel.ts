import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SpoolRecord } from '#lib/spool/record.ts';
import type { SpoolStats } from '#lib/spool/writer.ts';
import type { Logger } from '#workers/shared/logger.ts';
import type { Batch, MessageFrame } from './frames.ts';
import { FRAME_HEAD_BYTES, writeMessageFrame, writeRecordFrame } from './frames.ts';

/**
 * From the relay's event loop to the writer thread. A chunk of shared memory is filled and handed over every few milliseconds
 * or when it is full; the thread notes the number of the last batch that is in the spool, and the chunk is used again.
 *
 * While two batches are under way the current chunk is filled on, so a slow thread gets larger batches. Beyond
 * `maxBufferBytes`, messages are turned away (their session counts them as lost). A thread that dies is replaced, and what it
 * had not written is handed over again: nothing is lost by it and nothing comes twice.
 */
export interface RecordChannelOptions {
  readonly spool: { readonly folder: string; readonly segmentBytes: number; readonly maxBytes: number };
  readonly maxBufferBytes: number;
  readonly log: Logger;
}

/** What the writer thread reports once a second. */
export interface WriterReport {
  readonly stats: SpoolStats;
  /** Longest time from receipt to commit since the last report. */
  readonly lagMs: number;
}

/** What the thread is started with. */
export interface WriterThreadData {
  readonly spool: RecordChannelOptions['spool'];
  /** Number of the last batch that is in the spool. */
  readonly written: SharedArrayBuffer;
  /** True for a thread that replaces a dead one: the capture goes on, it does not begin. */
  readonly continues: boolean;
}

const CHUNK_BYTES = 256 * 1024;
const FLUSH_MS = 5;
const MAX_UNDER_WAY = 2;
const MAX_SPARE_CHUNKS = 16;
const RESTART_MS = [50, 200, 1000, 5000] as const;
const CLOSE_WITHIN_MS = 10_000;

export class RecordChannel {
  readonly #options: RecordChannelOptions;
  readonly #written = new SharedArrayBuffer(8);
  readonly #writtenNumber = new BigInt64Array(this.#written);
  #worker: Worker | null = null;
  #startedOnce = false;
  #failures = 0;
  #starting: Promise<void> = Promise.resolve();
  #restartTimer: NodeJS.Timeout | null = null;
  #closing: (() => void) | null = null;

  #chunk: SharedArrayBuffer | null = null;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #bytes: Uint8Array = new Uint8Array(0);
  #used = 0;
  #records: SpoolRecord[] = [];
  #number = 0;
  #timer: NodeJS.Timeout | null = null;

  #underWay: Batch[] = [];
  #underWayBytes = 0;
  #spare: SharedArrayBuffer[] = [];

  /** The thread's last word; null before its first. */
  report: WriterReport | null = null;

  constructor(options: RecordChannelOptions) {
    this.#options = options;
  }

  /** Starts the writer thread; rejects where the spool cannot be opened. */
  start(): Promise<void> {
    this.#starting = new Promise((resolve, reject) => this.#startThread(resolve, reject));
    return this.#starting;
  }

  /** Takes a message over, by copy. False where there is no room: it was not taken. */
  addMessage(frame: MessageFrame): boolean {
    if (!this.#makeRoom(FRAME_HEAD_BYTES + frame.payload.byteLength, false)) return false;
    this.#used = writeMessageFrame(this.#view, this.#bytes, this.#used, frame);
    return true;
  }

  /** Whether there is room again, well below the limit, so that a channel at its limit does not flap. */
  hasRoomFor(bytes: number): boolean {
    this.#takeBackWritten();
    return this.waitingBytes + bytes <= this.#options.maxBufferBytes / 2;
  }

  /** Takes any other record over; for these there is always room. */
  addRecord(record: SpoolRecord): void {
    this.#makeRoom(FRAME_HEAD_BYTES, true);
    this.#used = writeRecordFrame(this.#view, this.#used, this.#records.push(record) - 1);
  }

  /** Whether a writer thread runs and its last write went well. */
  get isWriting(): boolean {
    return this.#worker !== null && this.report?.stats.state !== 'failed';
  }

  /** Bytes that wait for the thread. */
  get waitingBytes(): number {
    return this.#underWayBytes + this.#used;
  }

  /** Ends the writer thread as a crash would; another one takes over. */
  async replaceThread(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Hands over what is left and waits until it is in the spool. */
  async close(): Promise<void> {
    this.#handOver();
    clearTimeout(this.#timer ?? undefined);
    const deadline = Date.now() + CLOSE_WITHIN_MS;
    const worker = await this.#awaitThread(deadline);
    if (!worker) return;
    const late = setTimeout(() => void worker.terminate(), deadline - Date.now());
    await new Promise<void>((resolve) => {
      this.#closing = resolve;
      worker.postMessage('close');
    });
    clearTimeout(late);
  }

  /** The running thread, or the one that is just taking over; null should none come in time. */
  async #awaitThread(deadline: number): Promise<Worker | null> {
    while (!this.#worker && Date.now() < deadline) {
      await Promise.race([this.#starting.catch(() => undefined), sleep(deadline - Date.now(), undefined, { ref: false })]);
      if (!this.#worker) await sleep(FLUSH_MS);
    }
    clearTimeout(this.#restartTimer ?? undefined);
    return this.#worker;
  }

  #restart(): void {
    this.#restartTimer = null;
    // A failed start has its own next attempt, see the `exit` listener.
    this.start().catch(() => undefined);
  }

  #makeRoom(needed: number, always: boolean): boolean {
    if (this.#chunk && this.#used + needed <= this.#chunk.byteLength) return true;
    this.#handOver();
    this.#takeBackWritten();
    const size = Math.max(CHUNK_BYTES, needed);
    if (!always && this.#underWayBytes + size > this.#options.maxBufferBytes) return false;
    this.#chunk = (size === CHUNK_BYTES ? this.#spare.pop() : undefined) ?? new SharedArrayBuffer(size);
    this.#view = new DataView(this.#chunk);
    this.#bytes = new Uint8Array(this.#chunk);
    this.#timer ??= setTimeout(this.#onTimer, FLUSH_MS);
    return true;
  }

  readonly #onTimer = (): void => {
    this.#timer = null;
    this.#takeBackWritten();
    if (this.#underWay.length < MAX_UNDER_WAY) this.#handOver();
    if (this.#chunk || this.#underWay.length > 0) this.#timer = setTimeout(this.#onTimer, FLUSH_MS);
  };

  #handOver(): void {
    if (!this.#chunk || this.#used === 0) return;
    const batch: Batch = { number: ++this.#number, chunk: this.#chunk, used: this.#used, records: this.#records };
    this.#underWay.push(batch);
    this.#underWayBytes += batch.chunk.byteLength;
    this.#worker?.postMessage(batch);
    this.#chunk = null;
    this.#used = 0;
    this.#records = [];
  }

  #takeBackWritten(): void {
    const written = Number(Atomics.load(this.#writtenNumber, 0));
    while (this.#underWay[0] && this.#underWay[0].number <= written) {
      const { chunk } = this.#underWay.shift() as Batch;
      this.#underWayBytes -= chunk.byteLength;
      if (chunk.byteLength === CHUNK_BYTES && this.#spare.length < MAX_SPARE_CHUNKS) this.#spare.push(chunk);
    }
  }

  #startThread(onReady: () => void, onFailure: (error: Error) => void): void {
    const data: WriterThreadData = { spool: this.#options.spool, written: this.#written, continues: this.#startedOnce };
    const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: data, name: 'spool-writer' });
    let failure = new Error('The writer thread ended.');
    worker.on('message', (message: 'ready' | WriterReport) => {
      if (message !== 'ready') {
        this.report = message;
        return;
      }
      this.#startedOnce = true;
      this.#failures = 0;
      this.#worker = worker;
      this.#takeBackWritten();
      for (const batch of this.#underWay) worker.postMessage(batch);
      onReady();
    });
    worker.on('error', (error) => {
      failure = error as Error;
    });
    worker.once('exit', () => {
      this.#worker = null;
      if (this.#closing) this.#closing();
      else if (this.#startedOnce) this.#restartLater(failure);
      onFailure(failure);
    });
  }

  #restartLater(failure: Error): void {
    const delay = RESTART_MS[Math.min(this.#failures, RESTART_MS.length - 1)] as number;
    this.#failures += 1;
    this.#options.log.error({ err: failure, delay }, 'the writer thread ended; calls go on, another one is started');
    this.#restartTimer = setTimeout(() => this.#restart(), delay);
  }
}
