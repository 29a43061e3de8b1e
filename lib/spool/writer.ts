import { randomUUID } from 'node:crypto';
import type { WallMicros } from '#lib/base/brand.ts';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import { dropAudio } from './drop-audio.ts';
import { OwedRecords } from './owed-records.ts';
import type { LossCause, SpoolRecord } from './record.ts';
import type { Room } from './room.ts';
import { roomAt } from './room.ts';
import type { SegmentWriter } from './segment.ts';
import { createSegment, PAGE_BYTES, readMark } from './segment.ts';
import { deleteUnfinished, folderBytes, listSegments, makeFolder, nextSegmentNumber } from './spool-folder.ts';
import type { WriterLock } from './writer-lock.ts';
import { takeWriterLock } from './writer-lock.ts';

/** How a spool is written. */
export interface SpoolWriterOptions {
  readonly folder: string;
  /** Size at which the next segment is begun; never more than an eighth of `maxBytes`, so that trimming can make room. */
  readonly segmentBytes: number;
  readonly maxBytes: number;
  /** Whether a returned append also survives a power cut (one fsync each). */
  readonly durable?: boolean;
  /**
   * What `append` does when there is no room or the disk fails: `drop` (default, for a tap) counts what is lost and goes on;
   * `throw` (for an import) writes nothing of the batch and throws DS_SPOOL_FULL or DS_SPOOL_FAILED.
   */
  readonly onTrouble?: 'drop' | 'throw';
  /** True where a new writer takes over within one capture that goes on: no `writer_start`, its open sessions are not lost. */
  readonly continues?: boolean;
}

/** What a writer says about itself, for metrics. */
export interface SpoolStats {
  readonly segments: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly state: Room | 'failed';
  /** Messages not written since this writer began. */
  readonly lostMessages: number;
  /** Messages written without their audio since this writer began. */
  readonly audioDropped: number;
  /** Why the last write failed; null while all is well. */
  readonly trouble: string | null;
}

/** The single writer of a spool's folder. */
export interface SpoolWriter {
  /**
   * One commit; when it returns, the records survive `kill -9` (or are counted as lost, see `onTrouble`). A `mark` says how far the
   * caller's source has come with them; it is kept in the same commit, so that a writer that `continues` knows what not to repeat.
   */
  append(records: readonly SpoolRecord[], mark?: number): void;
  /** The last mark that was committed: by this writer, or by the one that it continues. 0 where there is none. */
  readonly mark: number;
  stats(): SpoolStats;
  /** Writes what is still owed and gives the folder free. */
  close(): void;
}

/** Between two looks at the folder's real size; in between, what was appended is added up (at most this share of the whole). */
const SIZE_EVERY_MS = 250;
const SIZE_EVERY_SHARE = 1 / 64;
/** After a failed write, the disk is left alone this long. */
const RETRY_MS = 1000;
/** Bytes of a row beside its payload, roughly. */
const ROW_BYTES = 100;
/** Bytes in the write-ahead log after which they are moved into the file itself; a small segment needs a shorter log. */
const CHECKPOINT_BYTES = 4 * 1024 ** 2;

/**
 * Takes a spool's folder for writing, begins a new segment and appends `writer_start` (unless it `continues`).
 * @throws DeltascopeError DS_SPOOL_LOCKED where another writer lives; DS_SPOOL_FAILED where the folder cannot be written.
 */
export function openSpoolWriter(options: SpoolWriterOptions): SpoolWriter {
  return new FolderWriter(options);
}

/**
 * Two states. *Writing*: a segment is open. *Failed*: the last write threw; what comes is owed (messages as counted losses), and the
 * first append after RETRY_MS tries a new segment. Independently of that, `room.ts` says how much may be written.
 */
class FolderWriter implements SpoolWriter {
  readonly #options: SpoolWriterOptions;
  readonly #segmentBytes: number;
  readonly #owed = new OwedRecords();
  mark = 0;
  #lock: WriterLock;
  #segment: SegmentWriter | null = null;
  #inSegment = 0;
  #room: Room = 'room';
  #bytes = 0;
  #bytesAt = 0;
  #unmeasured = 0;
  #retryAt = 0;
  #trouble: string | null = null;
  #lost = 0;
  #audioDropped = 0;

  constructor(options: SpoolWriterOptions) {
    this.#options = options;
    this.#segmentBytes = Math.min(options.segmentBytes, Math.floor(options.maxBytes / 8));
    try {
      makeFolder(options.folder);
      this.#lock = takeWriterLock(options.folder);
    } catch (thrown) {
      throw asSpoolError(thrown, options.folder);
    }
    if (options.continues) this.mark = readMark(options.folder, listSegments(options.folder).at(-1) ?? 0);
    this.append(options.continues ? [] : [{ kind: 'writer_start', at: now(), writerId: randomUUID() }]);
    if (!this.#trouble) return;
    this.#lock.release();
    throw new DeltascopeError('DS_SPOOL_FAILED', `${options.folder}: ${this.#trouble}.`);
  }

  append(records: readonly SpoolRecord[], mark: number = this.mark): void {
    if (this.#trouble && Date.now() < this.#retryAt) {
      this.#refuse(records, `${this.#trouble}`);
      return;
    }
    const batch = this.#plan(records);
    try {
      this.#openSegment().write(batch.records, mark);
      this.mark = mark;
      this.#trouble = null;
      this.#bytes += batch.bytes;
      this.#unmeasured += batch.bytes;
      this.#inSegment += batch.bytes;
    } catch (thrown) {
      this.#fail(coerceError(thrown));
      this.#refuse(batch.records, coerceError(thrown).message);
    }
  }

  stats(): SpoolStats {
    const { folder, maxBytes } = this.#options;
    return {
      segments: listSegments(folder).length,
      bytes: folderBytes(folder),
      maxBytes,
      state: this.#trouble ? 'failed' : this.#room,
      lostMessages: this.#lost,
      audioDropped: this.#audioDropped,
      trouble: this.#trouble,
    };
  }

  close(): void {
    if (!this.#owed.isEmpty) this.#writeOwed();
    this.#segment?.close();
    this.#segment = null;
    this.#lock.release();
  }

  /** What of these records is written now, with what was owed before them. Without room, messages become owed losses. */
  #plan(records: readonly SpoolRecord[]): { records: SpoolRecord[]; bytes: number } {
    const batch: SpoolRecord[] = [];
    let bytes = 0;
    let room = this.#measureRoom(0);
    if (this.#options.onTrouble === 'throw') this.#demandRoom(records);
    if (room !== 'full') batch.push(...this.#owed.takeAll());
    for (const record of records) {
      if (record.kind === 'message') {
        room = this.#measureRoom(bytes + record.payload.byteLength);
        if (room === 'full') {
          this.#lose(record, 'spool_full');
          continue;
        }
        const kept = room === 'tight' && this.#options.onTrouble !== 'throw' ? dropAudio(record) : record;
        if (kept !== record) this.#audioDropped += 1;
        batch.push(kept);
        bytes += kept.payload.byteLength + ROW_BYTES;
      } else {
        if (room === 'full' && record.kind === 'watermark') continue;
        if ('sessionId' in record) batch.push(...this.#owed.takeSession(record.sessionId));
        batch.push(record);
        bytes += 1000;
      }
    }
    return { records: batch, bytes };
  }

  #demandRoom(records: readonly SpoolRecord[]): void {
    const bytes = records.reduce(
      (sum, record) => sum + (record.kind === 'message' ? record.payload.byteLength + ROW_BYTES : 0),
      0,
    );
    if (this.#measureRoom(bytes) !== 'full') return;
    throw new DeltascopeError(
      'DS_SPOOL_FULL',
      `${this.#options.folder} holds ${this.#bytes} of ${this.#options.maxBytes} bytes.`,
    );
  }

  #measureRoom(coming: number): Room {
    const { folder, maxBytes } = this.#options;
    if (this.#unmeasured > maxBytes * SIZE_EVERY_SHARE || Date.now() - this.#bytesAt >= SIZE_EVERY_MS) {
      this.#bytes = folderBytes(folder);
      this.#bytesAt = Date.now();
      this.#unmeasured = 0;
    }
    this.#room = roomAt(this.#bytes + coming, maxBytes, this.#room);
    return this.#room;
  }

  /** The segment to append to: the open one, or a new one where it is long enough or somebody took its file away. */
  #openSegment(): SegmentWriter {
    if (this.#segment && this.#inSegment < this.#segmentBytes && this.#segment.isInPlace()) return this.#segment;
    const { folder, durable = false } = this.#options;
    const number = Math.max(nextSegmentNumber(folder), (this.#segment?.number ?? 0) + 1);
    this.#segment?.close();
    this.#segment = null;
    if (!this.#lock.isInPlace()) this.#retakeFolder();
    deleteUnfinished(folder);
    const checkpointPages = Math.max(4, Math.floor(Math.min(CHECKPOINT_BYTES, this.#segmentBytes / 4) / PAGE_BYTES));
    this.#segment = createSegment(folder, number, { durable, checkpointPages, mark: this.mark });
    this.#inSegment = 0;
    return this.#segment;
  }

  /** After the folder was wiped under us: its lock file went with it. */
  #retakeFolder(): void {
    makeFolder(this.#options.folder);
    this.#lock.release();
    this.#lock = takeWriterLock(this.#options.folder);
  }

  #writeOwed(): void {
    const owed = this.#owed.takeAll();
    try {
      this.#openSegment().write(owed, this.mark);
    } catch (thrown) {
      this.#fail(coerceError(thrown));
    }
  }

  #fail(error: Error): void {
    this.#trouble = error.message;
    this.#retryAt = Date.now() + RETRY_MS;
    try {
      this.#segment?.close();
    } catch {
      // The file is given up in any case; the next attempt makes a new one.
    }
    this.#segment = null;
  }

  #refuse(records: readonly SpoolRecord[], detail: string): void {
    if (this.#options.onTrouble === 'throw') throw new DeltascopeError('DS_SPOOL_FAILED', `${this.#options.folder}: ${detail}.`);
    for (const record of records) {
      if (record.kind === 'message') this.#lose(record, 'spool_failed');
      else this.#owed.add(record, 'spool_failed', now());
    }
  }

  #lose(record: Extract<SpoolRecord, { kind: 'message' }>, cause: LossCause): void {
    this.#lost += 1;
    this.#owed.addLost(record, cause, now());
  }
}

function now(): WallMicros {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) as WallMicros;
}

function asSpoolError(thrown: unknown, folder: string): DeltascopeError {
  if (thrown instanceof DeltascopeError) return thrown;
  const error = coerceError(thrown);
  return new DeltascopeError('DS_SPOOL_FAILED', `${folder}: ${error.message}.`, { cause: error });
}
