import type { EventRun, RunList } from '#lib/session/fold-runs.ts';

/** A line of the list as shown: an event, a run of deltas, or one delta of an unfolded run. */
export interface ListLine {
  readonly run: EventRun;
  /** Index in the log of the delta that this line shows; -1 for the run's own line. */
  readonly member: number;
}

/**
 * The lines for the runs that pass; those whose first `seq` is in `open` show their deltas below. A filter asks for type, direction
 * and ids only, which all events of a run share: its first one answers for all.
 */
export function toLines(runs: RunList, accepts: (index: number) => boolean, open: ReadonlySet<number>): readonly ListLine[] {
  const lines: ListLine[] = [];
  for (const run of runs.entries) {
    if (!accepts(run.indexes[0] as number)) continue;
    lines.push({ run, member: -1 });
    if (run.indexes.length > 1 && open.has(run.fromSeq)) for (const member of run.indexes) lines.push({ run, member });
  }
  return lines;
}

/** The index in the log of the event that a line stands for. */
export function indexOfLine(line: ListLine): number {
  return line.member === -1 ? (line.run.indexes[0] as number) : line.member;
}

/** Whether a line stands for a folded run. */
export function isRun(line: ListLine): boolean {
  return line.member === -1 && line.run.indexes.length > 1;
}

/** The line that shows an event: its own, or that of the folded run it lies in; -1 where the filter hides it. */
export function lineOf(lines: readonly ListLine[], index: number): number {
  let found = -1;
  for (let at = 0; at < lines.length; at += 1) {
    const { run, member } = lines[at] as ListLine;
    if (member === index) return at;
    if (member !== -1) continue;
    if ((run.indexes[0] as number) > index) break;
    if (holds(run, index)) found = at;
  }
  return found;
}

/** Whether an event, by its index in the log, is one of a run's. */
export function holds(run: EventRun, index: number): boolean {
  let low = 0;
  let high = run.indexes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((run.indexes[middle] as number) < index) low = middle + 1;
    else high = middle;
  }
  return run.indexes[low] === index;
}
