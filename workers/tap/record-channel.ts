import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SpoolRecord } from '#lib/spool/record.ts';
import type { SpoolStats } from '#lib/spool/writer.ts';
import type { Logger } from '#workers/shared/logger.ts';
import type { Chunk, MessageFrame, PostedChunk } from './frames.ts';
import { allocateChunk, ChunkWriter, FRAME_HEAD_BYTES } from './frames.ts';
import { makeThreadControl } from './thread-control.ts';

/**
 * From the relay's event loop to the writer thread. A message is copied into a chunk of shared memory, where the thread finds it
 * by itself: no post, no system call, no timer. Chunks are posted once, when they are begun, and used again when the thread
 * has written them.
 *
 * Beyond `maxBufferBytes`, messages are turned away (their session counts them as lost). A thread that dies is replaced. What
 * it had not written is still here and is posted again; how far it had come stands in its last commit: nothing is missing,
 * nothing comes twice.
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
  readonly control: SharedArrayBuffer;
  /** True for a thread that replaces a dead one: the capture goes on, it does not begin. */
  readonly continues: boolean;
}

/** What is posted to the thread, in the order of places. */
export type Posted = PostedChunk | PlacedRecord;

/** A record that is no message, and the place of its frame. */
export interface PlacedRecord {
  readonly place: number;
  readonly record: SpoolRecord;
}

interface NumberedMemory {
  /** 0: not used again. */
  readonly number: number;
  readonly memory: SharedArrayBuffer;
}

type KeptChunk = Chunk & NumberedMemory;

const CHUNK_BYTES = 256 * 1024;
const MAX_POOLED = 16;
const RESTART_MS = [50, 200, 1000, 5000] as const;
const CLOSE_WITHIN_MS = 10_000;
const POLL_MS = 5;

export class RecordChannel {
  readonly #options: RecordChannelOptions;
  readonly #control = makeThreadControl();
  #worker: Worker | null = null;
  #startedOnce = false;
  #failures = 0;
  #starting: Promise<void> = Promise.resolve();
  #restartTimer: NodeJS.Timeout | null = null;
  #closing: (() => void) | null = null;

  #current: ChunkWriter | null = null;
  /** Place behind the last frame. */
  #place = 0;
  /** Chunks that hold something unwritten, the current one last, and the records that belong into them. */
  #chunks: KeptChunk[] = [];
  #records: PlacedRecord[] = [];
  #keptBytes = 0;
  #spare: NumberedMemory[] = [];
  #pooled = 0;
  /** Numbers of the memory that the present thread knows. */
  readonly #posted = new Set<number>();

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
    const writer = this.#writerFor(FRAME_HEAD_BYTES + frame.payload.byteLength, false);
    if (!writer) return false;
    writer.addMessage(frame);
    this.#place = writer.place;
    this.#control.wake();
    return true;
  }

  /** Takes any other record over; for these there is always room. */
  addRecord(record: SpoolRecord): void {
    const writer = this.#writerFor(FRAME_HEAD_BYTES, true) as ChunkWriter;
    const placed: PlacedRecord = { place: writer.place, record };
    this.#forgetWritten();
    this.#records.push(placed);
    // Posted before its frame is complete, so that the thread finds it when it comes to the frame.
    this.#worker?.postMessage(placed);
    writer.addPlace();
    this.#place = writer.place;
    this.#control.wake();
  }

  /** Whether there is room again, well below the limit, so that a channel at its limit does not flap. */
  hasRoomFor(bytes: number): boolean {
    return this.waitingBytes + bytes <= this.#options.maxBufferBytes / 2;
  }

  /** Whether a writer thread runs and its last write went well. */
  get isWriting(): boolean {
    return this.#worker !== null && this.report?.stats.state !== 'failed';
  }

  /** Bytes that wait for the thread. */
  get waitingBytes(): number {
    return this.#place - this.#control.written;
  }

  /** Ends the writer thread as a crash would; another one takes over. */
  async replaceThread(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Waits until all is in the spool, and ends the thread. */
  async close(): Promise<void> {
    const deadline = Date.now() + CLOSE_WITHIN_MS;
    const worker = await this.#awaitThread(deadline);
    if (!worker) return;
    const late = setTimeout(() => void worker.terminate(), deadline - Date.now());
    await new Promise<void>((resolve) => {
      this.#closing = resolve;
      this.#control.requestEnd();
    });
    clearTimeout(late);
  }

  /** The chunk for a frame of that size; null where the limit forbids another one. */
  #writerFor(bytes: number, always: boolean): ChunkWriter | null {
    if (this.#current?.hasRoom(bytes)) return this.#current;
    this.#forgetWritten();
    const size = Math.max(CHUNK_BYTES, bytes);
    if (!always && this.#keptBytes + size > this.#options.maxBufferBytes) return null;
    const chunk: KeptChunk = { base: this.#place, ...this.#takeMemory(size) };
    const before = this.#current;
    this.#current = new ChunkWriter(chunk);
    this.#chunks.push(chunk);
    this.#keptBytes += chunk.memory.byteLength;
    if (this.#worker) this.#postChunk(this.#worker, chunk);
    before?.seal();
    return this.#current;
  }

  /** Takes back the chunks that the thread has left behind: it has written something of the next one. */
  #forgetWritten(): void {
    const { written } = this.#control;
    while (this.#chunks.length > 1 && (this.#chunks[1] as KeptChunk).base < written) {
      const { number, memory } = this.#chunks.shift() as KeptChunk;
      this.#keptBytes -= memory.byteLength;
      if (number > 0) this.#spare.push({ number, memory });
    }
    const kept = this.#records.findIndex((each) => each.place >= written);
    if (kept !== 0) this.#records.splice(0, kept === -1 ? this.#records.length : kept);
  }

  /** The running thread, or the one that is just taking over; null should none come in time. */
  async #awaitThread(deadline: number): Promise<Worker | null> {
    while (!this.#worker && Date.now() < deadline) {
      await Promise.race([this.#starting.catch(() => undefined), sleep(deadline - Date.now(), undefined, { ref: false })]);
      if (!this.#worker) await sleep(POLL_MS);
    }
    clearTimeout(this.#restartTimer ?? undefined);
    return this.#worker;
  }

  #startThread(onReady: () => void, onFailure: (error: Error) => void): void {
    const data: WriterThreadData = { spool: this.#options.spool, control: this.#control.memory, continues: this.#startedOnce };
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
      this.#postKept(worker);
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

  /** Gives a new thread all that is not in the spool, in the order of places. */
  #postKept(worker: Worker): void {
    this.#forgetWritten();
    this.#posted.clear();
    for (const chunk of this.#chunks) this.#postChunk(worker, chunk);
    for (const placed of this.#records) worker.postMessage(placed);
    this.#control.wake();
  }

  /** The first few pieces of the usual size are numbered and used for ever; what is needed beyond them is given up after use. */
  #takeMemory(size: number): NumberedMemory {
    const spare = size === CHUNK_BYTES ? this.#spare.pop() : undefined;
    if (spare) return spare;
    const isPooled = size === CHUNK_BYTES && this.#pooled < MAX_POOLED;
    if (isPooled) this.#pooled += 1;
    return { number: isPooled ? this.#pooled : 0, memory: allocateChunk(size) };
  }

  #postChunk(worker: Worker, { base, number, memory }: KeptChunk): void {
    worker.postMessage({ base, number, memory: this.#posted.has(number) ? null : memory } satisfies PostedChunk);
    if (number > 0) this.#posted.add(number);
  }

  #restartLater(failure: Error): void {
    const delay = RESTART_MS[Math.min(this.#failures, RESTART_MS.length - 1)] as number;
    this.#failures += 1;
    this.#options.log.error({ err: failure, delay }, 'the writer thread ended; calls go on, another one is started');
    this.#restartTimer = setTimeout(() => this.#restart(), delay);
  }

  #restart(): void {
    this.#restartTimer = null;
    // A failed start has its own next attempt, see the `exit` listener.
    this.start().catch(() => undefined);
  }
}
