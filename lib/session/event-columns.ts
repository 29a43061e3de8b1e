import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { EventFlag } from './view.ts';

/**
 * All events of a session as columns, for the canvas and the list of a long session: 100,000 events in a few megabytes.
 * What repeats stands once in a dictionary; columns hold its index. Row `i` is the `i`-th recorded message in order of `seq`.
 * Notes are left out: the list reads the rows that it shows (`/api/v1/sessions/{id}/events`).
 */
export interface EventColumns {
  readonly sessionId: SessionId;
  readonly count: number;
  /** Highest `seq` in the columns; 0 where there is none. Live pushes go on after it. */
  readonly lastSeq: number;
  /** Time from which `at` counts; null where no event has one. */
  readonly firstAt: WallMicros | null;
  /** Runs of consecutive `seq`s as pairs `first, length`; a jump between two runs is a loss. */
  readonly seqRuns: readonly number[];
  /** Microseconds since `firstAt`; null where unknown. */
  readonly at: readonly (number | null)[];
  /** Dictionary of `kind`. */
  readonly kinds: readonly EventKind[];
  readonly kind: readonly number[];
  /** Index into `DIRECTIONS`. */
  readonly direction: readonly number[];
  readonly byteLength: readonly number[];
  readonly audioBytes: readonly number[];
  /** Dictionary of the three id columns; its index 0 stands for "none" and is empty. Event ids are all different and left out. */
  readonly ids: readonly string[];
  readonly responseId: readonly number[];
  readonly itemId: readonly number[];
  readonly callId: readonly number[];
}

/** What events have in common: a type as it stood on the wire, and how it was read. */
export interface EventKind {
  readonly type: string;
  readonly canonicalType: string;
  readonly format: 'json' | 'text' | 'binary';
  readonly problem: string | null;
  readonly flags: readonly EventFlag[];
}

/** Order of the numbers in the column `direction`. */
export const DIRECTIONS: readonly Direction[] = ['unknown', 'client_to_server', 'server_to_client'];

/** The `seq` of every row. */
export function expandSeqs(columns: Pick<EventColumns, 'count' | 'seqRuns'>): Int32Array {
  const seqs = new Int32Array(columns.count);
  let row = 0;
  for (let run = 0; run + 1 < columns.seqRuns.length; run += 2) {
    const first = columns.seqRuns[run] as number;
    const length = columns.seqRuns[run + 1] as number;
    for (let step = 0; step < length; step += 1) seqs[row + step] = first + step;
    row += length;
  }
  return seqs;
}
