import type { WallMicros } from '#lib/base/brand.ts';
import type { EventRow, SessionView } from './view.ts';

/**
 * The timeline's x: microseconds since the session began, or (where the source knows no times) the order of events, one unit each.
 * Events come in order of `seq` and x never goes back: a time that does is drawn where its predecessor is.
 */
export interface TimelineAxis {
  readonly kind: 'time' | 'order';
  readonly originAt: WallMicros | null;
  /** x of each event, ascending. */
  readonly xs: Column;
  /** `seq` of each event, ascending. */
  readonly seqs: Column;
}

/** Numbers that only append, in memory that a canvas can walk through. */
export interface Column {
  values: Float64Array;
  length: number;
}

/** An empty column. */
export function openColumn(): Column {
  return { values: new Float64Array(256), length: 0 };
}

/** Adds a number at the end. */
export function push(column: Column, value: number): void {
  if (column.length === column.values.length) {
    const wider = new Float64Array(column.length * 2);
    wider.set(column.values);
    column.values = wider;
  }
  column.values[column.length] = value;
  column.length += 1;
}

/** The number at an index that is known to exist. */
function at(column: Column, index: number): number {
  return column.values[index] as number;
}

/** The first index of an ascending column whose number is at least `value`; `length` if none is. */
export function firstAtLeast(column: Column, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(column, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The axis of a session without events. */
export function openAxis(session: Pick<SessionView, 'clock' | 'startedAt'>): TimelineAxis {
  const kind = session.clock === 'none' || session.startedAt === null ? 'order' : 'time';
  return { kind, originAt: kind === 'time' ? session.startedAt : null, xs: openColumn(), seqs: openColumn() };
}

/** Places the next event and returns its x. */
export function place(axis: TimelineAxis, row: Pick<EventRow, 'seq' | 'at'>): number {
  const before = axis.xs.length === 0 ? 0 : at(axis.xs, axis.xs.length - 1);
  const x = axis.kind === 'order' ? row.seq - 1 : (xOfTime(axis, row.at) ?? before);
  push(axis.xs, Math.max(before, x));
  push(axis.seqs, row.seq);
  return Math.max(before, x);
}

/** x of a wall time; null where the axis or the time knows none. */
export function xOfTime(axis: TimelineAxis, time: WallMicros | null): number | null {
  return axis.originAt === null || time === null ? null : Math.max(0, time - axis.originAt);
}

/** x of a `seq`: of that event, or of the next one if it was not recorded; the end where none follows. */
export function xOfSeq(axis: TimelineAxis, seq: number): number {
  const index = firstAtLeast(axis.seqs, seq);
  return axis.xs.length === 0 ? 0 : at(axis.xs, Math.min(index, axis.xs.length - 1));
}

/** x of the newest event; 0 before the first. */
export function endOf(axis: TimelineAxis): number {
  return axis.xs.length === 0 ? 0 : at(axis.xs, axis.xs.length - 1);
}
