import { existsSync } from 'node:fs';
import type { SpoolRecord } from './record.ts';
import type { SegmentReader } from './segment.ts';
import { isCorruption, openSegment } from './segment.ts';
import {
  deleteSegment,
  folderBytes,
  listSegments,
  readTrimmed,
  segmentPath,
  setSegmentAside,
  writeTrimmed,
} from './spool-folder.ts';
import { isLockHeld } from './writer-lock.ts';

/** A place in a spool: the record of that number in that segment. Position 0 is before a segment's first record. */
export interface SpoolPosition {
  readonly epoch: string;
  readonly segment: number;
  readonly position: number;
}

/** A record and where it stands; hand the position back to go on after it. */
export interface PositionedRecord {
  readonly position: SpoolPosition;
  readonly record: SpoolRecord;
}

/** What came of one read. In the last two forms `after` no longer exists: go on with null, and say so. */
export type SpoolRead =
  | { readonly state: 'records' | 'empty'; readonly records: readonly PositionedRecord[]; readonly next: SpoolPosition | null }
  | { readonly state: 'wiped'; readonly detail: string; readonly restartAt: null }
  | { readonly state: 'rolled_back'; readonly detail: string; readonly restartAt: null };

/** The recorder's side of a spool; writes nothing but the deletion of what it has recorded. */
export interface SpoolReader {
  /** Records after a position (null: from the oldest kept), from one segment, within the limits but at least one. */
  read(after: SpoolPosition | null, limits: { readonly rows: number; readonly bytes: number }): SpoolRead;
  /** Whether a writer holds the folder; known by its lock, not by a process id. */
  isWriterAlive(): boolean;
  /** Deletes the segments that are wholly before a position. Call it after that position was committed. */
  trim(before: SpoolPosition): void;
  bytes(): number;
  close(): void;
}

/** Opens a spool's folder for reading; it need not exist yet. */
export function openSpoolReader(options: { readonly folder: string }): SpoolReader {
  return new FolderReader(options.folder);
}

type Gone = Extract<SpoolRead, { state: 'wiped' | 'rolled_back' }>;

class FolderReader implements SpoolReader {
  readonly #folder: string;
  #open: SegmentReader | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(after: SpoolPosition | null, limits: { readonly rows: number; readonly bytes: number }): SpoolRead {
    const segments = listSegments(this.#folder);
    let place: SpoolPosition | Gone | null = this.#start(after, segments);
    if (place && 'state' in place) return place;
    while (place) {
      // Looked up before reading: a segment is sealed once a later one exists, so nothing can be added to what is read then.
      const later = listSegments(this.#folder).find((number) => number > (place as SpoolPosition).segment);
      const found = this.#readSegment(place, limits);
      if (found.state !== 'empty') return found;
      if (later === undefined) return { state: 'empty', records: [], next: place };
      place = this.#head(later);
      if ('state' in place) return place;
    }
    return { state: 'empty', records: [], next: null };
  }

  isWriterAlive(): boolean {
    return isLockHeld(this.#folder);
  }

  trim(before: SpoolPosition): void {
    const segments = listSegments(this.#folder);
    const below = segments.filter((number) => number < before.segment);
    const isSealed = segments.some((number) => number > before.segment);
    if (isSealed && segments.includes(before.segment) && this.#isAtEnd(before)) below.push(before.segment);
    const last = below.at(-1);
    if (last === undefined) return;
    const epoch = last === before.segment ? before.epoch : this.#epochOf(last);
    if (this.#open && this.#open.number <= last) this.#closeSegment();
    writeTrimmed(this.#folder, { before: last + 1, epoch });
    for (const number of below) deleteSegment(this.#folder, number);
  }

  bytes(): number {
    return folderBytes(this.#folder);
  }

  close(): void {
    this.#closeSegment();
  }

  /** Where to read: the position itself, the start of the segment that follows a trimmed one, or why neither can be. */
  #start(after: SpoolPosition | null, segments: readonly number[]): SpoolPosition | Gone | null {
    const oldest = segments[0];
    if (after === null) return oldest === undefined ? null : this.#head(oldest);
    if (segments.includes(after.segment)) return after;
    const trimmed = readTrimmed(this.#folder);
    if (trimmed?.before !== after.segment + 1) return gone('wiped', `segment ${after.segment} is gone from ${this.#folder}`);
    if (trimmed.epoch !== after.epoch)
      return gone('rolled_back', `segment ${after.segment} was another one (${trimmed.epoch}) here`);
    return oldest === undefined ? gone('wiped', `all segments are gone from ${this.#folder}`) : this.#head(oldest);
  }

  #readSegment(place: SpoolPosition, limits: { readonly rows: number; readonly bytes: number }): SpoolRead {
    const { epoch, segment } = place;
    try {
      const reader = this.#segment(segment);
      if (reader.epoch !== epoch) return gone('rolled_back', `segment ${segment} is another one (${reader.epoch}) now`);
      const records = reader
        .read(place.position, limits)
        .map(({ position, record }) => ({ position: { epoch, segment, position }, record }));
      const last = records.at(-1);
      if (last) return { state: 'records', records, next: last.position };
      const end = reader.lastPosition();
      if (end < place.position) return gone('rolled_back', `segment ${segment} ends at ${end}, before ${place.position}`);
      return { state: 'empty', records: [], next: place };
    } catch (thrown) {
      return this.#setAside(segment, thrown);
    }
  }

  /** The start of a segment that exists. */
  #head(segment: number): SpoolPosition | Gone {
    try {
      return { epoch: this.#segment(segment).epoch, segment, position: 0 };
    } catch (thrown) {
      return this.#setAside(segment, thrown);
    }
  }

  /** An unreadable segment is renamed and reported; those before it were recorded already, so reading goes on behind it. */
  #setAside(segment: number, thrown: unknown): Gone {
    this.#closeSegment();
    if (!existsSync(segmentPath(this.#folder, segment))) return gone('wiped', `segment ${segment} is gone from ${this.#folder}`);
    if (!isCorruption(thrown)) throw thrown;
    for (const number of listSegments(this.#folder)) if (number < segment) deleteSegment(this.#folder, number);
    return gone('wiped', `segment ${segment} cannot be read and was set aside as ${setSegmentAside(this.#folder, segment)}`);
  }

  /** The open segment of that number, opened anew where its file was replaced. */
  #segment(number: number): SegmentReader {
    if (this.#open?.number !== number || !this.#open.isInPlace()) {
      this.#closeSegment();
      this.#open = openSegment(this.#folder, number);
    }
    return this.#open;
  }

  #isAtEnd(place: SpoolPosition): boolean {
    const reader = this.#segment(place.segment);
    return reader.epoch === place.epoch && reader.lastPosition() <= place.position;
  }

  #epochOf(number: number): string {
    try {
      return this.#segment(number).epoch;
    } catch {
      return 'unknown';
    }
  }

  #closeSegment(): void {
    this.#open?.close();
    this.#open = null;
  }
}

function gone(state: Gone['state'], detail: string): Gone {
  return { state, detail, restartAt: null };
}
