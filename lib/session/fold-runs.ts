import type { WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { EventRow } from './view.ts';

/**
 * The event list with its streams folded: `217 × response.output_audio.delta · 4.1 s · 196 kB · 0 gaps`.
 * Deltas and audio appends that follow each other form a block; within it each stream (party, type, response, item) is one run, since
 * both parties and several families talk at once. Everything else is an entry of its own and ends the block. Rows only ever append.
 */
export interface RunList {
  readonly entries: EventRun[];
  /** Rows seen so far: the index of the next one. */
  rows: number;
  /** Raised whenever an entry was added or grew. */
  version: number;
  lastSeq: number;
  /** Messages missing in `seq` so far. */
  missing: number;
  /** Runs of the block at the end, which can still grow; empty once it has ended. */
  readonly open: EventRun[];
}

/** One line of the list: an event (`count` 1) or a folded run. */
export interface EventRun {
  readonly type: string;
  readonly canonicalType: string;
  readonly direction: Direction;
  readonly responseId: string | null;
  readonly itemId: string | null;
  readonly fromSeq: number;
  toSeq: number;
  readonly fromAt: WallMicros | null;
  toAt: WallMicros | null;
  /** Positions of its rows among all rows, ascending: what unfolding shows. */
  readonly indexes: number[];
  byteLength: number;
  audioBytes: number;
  /** Messages missing in `seq` between its first and its last. */
  gaps: number;
  readonly missingBefore: number;
}

const MAX_STREAMS = 32;

/** A list without rows. */
export function openRuns(): RunList {
  return { entries: [], rows: 0, version: 0, lastSeq: 0, missing: 0, open: [] };
}

/** Adds rows at the end, in order of `seq`. */
export function appendRows(list: RunList, rows: readonly EventRow[]): void {
  for (const row of rows) appendRow(list, row);
  if (rows.length > 0) list.version += 1;
}

/** How many rows an entry stands for. */
export function countOf(run: EventRun): number {
  return run.indexes.length;
}

function appendRow(list: RunList, row: EventRow): void {
  const index = list.rows;
  list.rows += 1;
  if (list.lastSeq > 0 && row.seq > list.lastSeq + 1) list.missing += row.seq - list.lastSeq - 1;
  list.lastSeq = row.seq;
  if (!isStreamed(row)) {
    list.open.length = 0;
    list.entries.push(runOf(list, row, index));
    return;
  }
  const run = list.open.find((open) => isSameStream(open, row));
  if (run === undefined) begin(list, row, index);
  else extend(list, run, row, index);
}

function isSameStream(run: EventRun, row: EventRow): boolean {
  return (
    run.type === row.type && run.itemId === row.itemId && run.responseId === row.responseId && run.direction === row.direction
  );
}

/** Types that come in streams, by their ending: the protocol has no other form for them. */
function isStreamed(row: EventRow): boolean {
  return row.problem === null && (row.type.endsWith('.delta') || row.type.endsWith('.append'));
}

function runOf(list: RunList, row: EventRow, index: number): EventRun {
  return {
    type: row.type,
    canonicalType: row.canonicalType,
    direction: row.direction,
    responseId: row.responseId,
    itemId: row.itemId,
    fromSeq: row.seq,
    toSeq: row.seq,
    fromAt: row.at,
    toAt: row.at,
    indexes: [index],
    byteLength: row.byteLength,
    audioBytes: row.audioBytes,
    gaps: 0,
    missingBefore: list.missing,
  };
}

function begin(list: RunList, row: EventRow, index: number): void {
  const run = runOf(list, row, index);
  // A block of more streams than anyone speaks at once is nonsense, and would be slow to look through.
  if (list.open.length >= MAX_STREAMS) list.open.length = 0;
  list.open.push(run);
  list.entries.push(run);
}

function extend(list: RunList, run: EventRun, row: EventRow, index: number): void {
  run.toSeq = row.seq;
  run.toAt = row.at;
  run.indexes.push(index);
  run.byteLength += row.byteLength;
  run.audioBytes += row.audioBytes;
  run.gaps = list.missing - run.missingBefore;
}
