import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, statSync } from 'node:fs';
import type { StatementSync } from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { MessageRecord, SpoolRecord } from './record.ts';
import { segmentPath } from './spool-folder.ts';

/** Version of what a segment holds; raise it with every change of `record.ts` or of the table below. */
const SPOOL_FORMAT = 1;

/**
 * Messages are rows with columns of their own (no JSON on the way of a frame); all other records are rare and are JSON in
 * `payload`. `position` counts from 1 without holes, since nothing is ever deleted. `mark` is the writer's own note of how far
 * its source had come, set in the commit that it speaks of.
 */
const SCHEMA = `
  create table segment (format integer not null, epoch text not null, mark integer not null);
  create table record (
    position integer primary key, kind integer not null, session text, seq integer, at integer,
    flags integer, wire_bytes integer, masked integer, payload blob not null);`;

/** Measured with messages of 0.3, 6 and 64 kB: four times SQLite's default halves the time of an append. */
export const PAGE_BYTES = 16 * 1024;

const KIND_MESSAGE = 1;
const KIND_OTHER = 0;
const DIRECTIONS: readonly Direction[] = ['client_to_server', 'server_to_client', 'unknown'];
const FLAG_DIRECTION = 3;
const FLAG_BINARY = 4;
const FLAG_AUDIO_DROPPED = 8;

/** A segment open for appending. */
export interface SegmentWriter {
  readonly epoch: string;
  readonly number: number;
  /** One commit: all of them and the mark, or nothing. */
  write(records: readonly SpoolRecord[], mark: number): void;
  /** Whether the file under its name is still the one that was opened. */
  isInPlace(): boolean;
  close(): void;
}

/** A segment open for reading. */
export interface SegmentReader {
  readonly epoch: string;
  readonly number: number;
  /** Records after `position`, until one of the limits is reached (at least one, if there is any). */
  read(position: number, limits: { readonly rows: number; readonly bytes: number }): { position: number; record: SpoolRecord }[];
  lastPosition(): number;
  /** Whether the file under its name is still the one that was opened. */
  isInPlace(): boolean;
  close(): void;
}

export interface SegmentOptions {
  readonly durable: boolean;
  readonly checkpointPages: number;
  /** Taken over from the segment before. */
  readonly mark: number;
}

/** Makes segment `number`. It appears under its name only when it is whole, so a reader never meets a half-made one. */
export function createSegment(folder: string, number: number, options: SegmentOptions): SegmentWriter {
  const path = segmentPath(folder, number);
  const epoch = randomUUID();
  rmSync(`${path}.tmp`, { force: true });
  const fresh = new DatabaseSync(`${path}.tmp`);
  fresh.exec(`pragma page_size = ${PAGE_BYTES}; pragma synchronous = off; pragma journal_mode = wal; ${SCHEMA}`);
  fresh.prepare('insert into segment (format, epoch, mark) values (?, ?, ?)').run(SPOOL_FORMAT, epoch, options.mark);
  fresh.close();
  renameSync(`${path}.tmp`, path);
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec(
    `pragma synchronous = ${options.durable ? 'full' : 'off'}; pragma wal_autocheckpoint = ${options.checkpointPages}`,
  );
  return openForAppending(database, path, number, epoch);
}

function openForAppending(database: DatabaseSync, path: string, number: number, epoch: string): SegmentWriter {
  const insert = database.prepare(
    'insert into record (kind, session, seq, at, flags, wire_bytes, masked, payload) values (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const setMark = database.prepare('update segment set mark = ?');
  const inode = statSync(path).ino;
  return {
    epoch,
    number,
    write(records, mark) {
      database.exec('begin immediate');
      try {
        setMark.run(mark);
        for (const record of records) insertRecord(insert, record);
        database.exec('commit');
      } catch (thrown) {
        if (database.isTransaction) database.exec('rollback');
        throw thrown;
      }
    },
    isInPlace: () => statSync(path, { throwIfNoEntry: false })?.ino === inode,
    close: () => database.close(),
  };
}

/** The mark that segment `number` was left with; 0 where it cannot be read. */
export function readMark(folder: string, number: number): number {
  try {
    const database = new DatabaseSync(segmentPath(folder, number), { readOnly: true, timeout: 5000 });
    const row = database.prepare('select mark from segment').get() as { mark: number } | undefined;
    database.close();
    return row?.mark ?? 0;
  } catch {
    return 0;
  }
}

/** Opens segment `number` read-only; its writer may be writing. @throws DeltascopeError DS_SPOOL_FORMAT for another version. */
export function openSegment(folder: string, number: number): SegmentReader {
  const path = segmentPath(folder, number);
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    const head = database.prepare('select format, epoch from segment').get() as { format: number; epoch: string } | undefined;
    if (head?.format !== SPOOL_FORMAT) {
      throw new DeltascopeError(
        'DS_SPOOL_FORMAT',
        `${path} has format ${head?.format ?? 'none'}, this version reads ${SPOOL_FORMAT}.`,
      );
    }
    return openForReading(database, path, number, head.epoch);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function openForReading(database: DatabaseSync, path: string, number: number, epoch: string): SegmentReader {
  const select = database.prepare('select * from record where position > ? order by position limit ?');
  const last = database.prepare('select max(position) as position from record');
  const inode = statSync(path).ino;
  return {
    epoch,
    number,
    read(position, limits) {
      const found: { position: number; record: SpoolRecord }[] = [];
      let bytes = 0;
      for (const row of select.iterate(position, limits.rows) as IterableIterator<Row>) {
        bytes += row.payload.byteLength;
        if (bytes > limits.bytes && found.length > 0) break;
        found.push({ position: row.position, record: recordOf(row) });
      }
      return found;
    },
    lastPosition: () => (last.get() as { position: number | null }).position ?? 0,
    isInPlace: () => statSync(path, { throwIfNoEntry: false })?.ino === inode,
    close: () => database.close(),
  };
}

/** Whether an error says that a file is not (or no longer) a readable segment. */
export function isCorruption(thrown: unknown): boolean {
  const code = (thrown as { errcode?: number } | null)?.errcode;
  const SQLITE_ERROR = 1;
  const SQLITE_CORRUPT = 11;
  const SQLITE_NOTADB = 26;
  return code === SQLITE_ERROR || code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

interface Row {
  readonly position: number;
  readonly kind: number;
  readonly session: string;
  readonly seq: number;
  readonly at: number | null;
  readonly flags: number;
  readonly wire_bytes: number;
  readonly masked: number;
  readonly payload: Uint8Array;
}

function insertRecord(insert: StatementSync, record: SpoolRecord): void {
  if (record.kind !== 'message') {
    insert.run(KIND_OTHER, null, null, null, null, null, null, Buffer.from(JSON.stringify(record)));
    return;
  }
  const { sessionId, seq, at, wireBytes, masked, payload } = record;
  insert.run(KIND_MESSAGE, sessionId, seq, at, flagsOf(record), wireBytes, masked, payload);
}

function flagsOf(record: MessageRecord): number {
  const binary = record.format === 'binary' ? FLAG_BINARY : 0;
  return DIRECTIONS.indexOf(record.direction) | binary | (record.audioDropped ? FLAG_AUDIO_DROPPED : 0);
}

function recordOf(row: Row): SpoolRecord {
  if (row.kind !== KIND_MESSAGE) return JSON.parse(Buffer.from(row.payload).toString('utf8')) as SpoolRecord;
  return {
    kind: 'message',
    sessionId: row.session as SessionId,
    seq: row.seq,
    at: row.at as WallMicros | null,
    direction: DIRECTIONS[row.flags & FLAG_DIRECTION] as Direction,
    format: row.flags & FLAG_BINARY ? 'binary' : 'text',
    payload: row.payload,
    wireBytes: row.wire_bytes,
    masked: row.masked,
    audioDropped: (row.flags & FLAG_AUDIO_DROPPED) !== 0,
  };
}
