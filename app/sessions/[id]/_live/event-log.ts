import { assert } from '#lib/base/assert.ts';
import type { WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { EventColumns, EventKind } from '#lib/session/event-columns.ts';
import { DIRECTIONS, expandSeqs } from '#lib/session/event-columns.ts';
import type { RunList } from '#lib/session/fold-runs.ts';
import { appendRows, openRuns } from '#lib/session/fold-runs.ts';
import { firstAtLeast } from '#lib/session/timeline-axis.ts';
import type { Timeline } from '#lib/session/timeline-lanes.ts';
import { appendEvents, openTimeline } from '#lib/session/timeline-lanes.ts';
import type { EventRow, SessionView } from '#lib/session/view.ts';
import { Dictionary } from './dictionary.ts';

/**
 * All events of the open session as typed columns in the browser: filled once from `EventColumns`, then grown by live rows, with the
 * timeline and the folded runs that `lib/session` makes of them. It only ever appends, in order of `seq`; what it holds already is
 * passed over, so a push that comes twice changes nothing. Rows with their notes are kept apart (`row-cache.ts`).
 */
export class EventLog {
  count = 0;
  seq = new Int32Array(1024);
  /** Microseconds since 1970; NaN where unknown. */
  at = new Float64Array(1024);
  kind = new Uint16Array(1024);
  direction = new Uint8Array(1024);
  byteLength = new Uint32Array(1024);
  audioBytes = new Uint32Array(1024);
  responseId = new Int32Array(1024);
  itemId = new Int32Array(1024);
  callId = new Int32Array(1024);

  readonly kinds: EventKind[] = [];
  readonly ids = new Dictionary();
  /** Messages missing between the first and the last `seq`. */
  missing = 0;
  readonly timeline: Timeline;
  readonly runs: RunList = openRuns();
  readonly #kindCodes = new Map<string, number>();

  constructor(session: Pick<SessionView, 'clock' | 'startedAt'>) {
    this.timeline = openTimeline(session);
  }

  get lastSeq(): number {
    return this.count === 0 ? 0 : (this.seq[this.count - 1] as number);
  }

  /** Whether the axis is time; otherwise it is the order of events. */
  get timed(): boolean {
    return this.timeline.axis.kind === 'time';
  }

  /** Where each event lies on the axis: microseconds since the session began or, without times, the order. Never goes back. */
  get position(): Float64Array {
    return this.timeline.axis.xs.values;
  }

  get lastPosition(): number {
    return this.count === 0 ? 0 : (this.position[this.count - 1] as number);
  }

  /** Takes in everything recorded so far; `notes` by `seq`, of the events whose notes are known (columns have none). */
  load(columns: EventColumns, notes: ReadonlyMap<number, string>): void {
    this.#reserve(this.count + columns.count);
    const seqs = expandSeqs(columns);
    const idAt = (column: readonly number[], row: number) => columns.ids[column[row] as number] || null;
    for (let row = 0; row < columns.count; row += 1) {
      const kind = columns.kinds[columns.kind[row] as number];
      assert(kind !== undefined, 'every row of the columns has a kind');
      const seq = seqs[row] as number;
      const since = columns.at[row] ?? null;
      this.#push({
        ...kind,
        seq,
        at: since === null || columns.firstAt === null ? null : ((columns.firstAt + since) as WallMicros),
        direction: DIRECTIONS[columns.direction[row] as number] ?? 'unknown',
        eventId: null,
        responseId: idAt(columns.responseId, row),
        itemId: idAt(columns.itemId, row),
        callId: idAt(columns.callId, row),
        byteLength: columns.byteLength[row] as number,
        audioBytes: columns.audioBytes[row] as number,
        note: notes.get(seq) ?? null,
      });
    }
  }

  /** Appends live rows; returns how many were new. */
  append(rows: readonly EventRow[]): number {
    const before = this.count;
    this.#reserve(this.count + rows.length);
    for (const row of rows) this.#push(row);
    return this.count - before;
  }

  /** The index of a `seq`, or of the nearest one before it; -1 where there is none. */
  indexOfSeq(seq: number): number {
    return lastAtMost(this.seq, this.count, seq);
  }

  /** The index of a `seq`; -1 where it is not recorded, or has not come yet. */
  exactIndexOf(seq: number): number {
    const index = this.indexOfSeq(seq);
    return index >= 0 && this.seq[index] === seq ? index : -1;
  }

  /** The index of the last event before a position; -1 where there is none. */
  indexBefore(position: number): number {
    return firstAtLeast(this.timeline.axis.xs, position) - 1;
  }

  kindAt(index: number): EventKind {
    const kind = this.kinds[this.kind[index] as number];
    assert(kind !== undefined, 'every event has a kind');
    return kind;
  }

  /** Whether an event of a kind was recorded, by a part of its name. */
  hasKind(part: string): boolean {
    return this.kinds.some((kind) => kind.canonicalType.includes(part));
  }

  directionAt(index: number): Direction {
    return DIRECTIONS[this.direction[index] as number] ?? 'unknown';
  }

  /** Messages lost directly before this one. */
  lostBefore(index: number): number {
    const previous = index === 0 ? 0 : (this.seq[index - 1] as number);
    return (this.seq[index] as number) - previous - 1;
  }

  /** Milliseconds since the session began, null where the event has no time. */
  offsetMs(index: number): number | null {
    const at = this.at[index] as number;
    const origin = this.timeline.axis.originAt;
    return origin === null || Number.isNaN(at) ? null : (at - origin) / 1000;
  }

  /** The axis position of a `seq`. */
  positionOfSeq(seq: number): number {
    const index = this.indexOfSeq(seq);
    return index < 0 ? 0 : (this.position[index] as number);
  }

  #push(row: EventRow): void {
    if (row.seq <= this.lastSeq) return;
    const index = this.count;
    this.missing += row.seq - this.lastSeq - 1;
    this.seq[index] = row.seq;
    this.at[index] = row.at ?? Number.NaN;
    this.kind[index] = this.#kindCode(row);
    this.direction[index] = DIRECTIONS.indexOf(row.direction);
    this.byteLength[index] = row.byteLength;
    this.audioBytes[index] = row.audioBytes;
    this.responseId[index] = this.ids.code(row.responseId);
    this.itemId[index] = this.ids.code(row.itemId);
    this.callId[index] = this.ids.code(row.callId);
    this.count = index + 1;
    appendEvents(this.timeline, [row]);
    appendRows(this.runs, [row]);
  }

  #kindCode(kind: EventKind): number {
    const key = `${kind.type}\n${kind.canonicalType}\n${kind.format}\n${kind.problem ?? ''}\n${kind.flags.join()}`;
    const known = this.#kindCodes.get(key);
    if (known !== undefined) return known;
    // The column has 16 bits; types beyond that (hostile input only) share the last kind's place in the lanes, their rows stay exact.
    const code = Math.min(this.kinds.length, 65_535);
    this.kinds[code] = {
      type: kind.type,
      canonicalType: kind.canonicalType,
      format: kind.format,
      problem: kind.problem,
      flags: kind.flags,
    };
    this.#kindCodes.set(key, code);
    return code;
  }

  #reserve(needed: number): void {
    if (needed <= this.seq.length) return;
    const size = Math.max(needed, this.seq.length * 2);
    this.seq = grow(this.seq, new Int32Array(size));
    this.at = grow(this.at, new Float64Array(size));
    this.kind = grow(this.kind, new Uint16Array(size));
    this.direction = grow(this.direction, new Uint8Array(size));
    this.byteLength = grow(this.byteLength, new Uint32Array(size));
    this.audioBytes = grow(this.audioBytes, new Uint32Array(size));
    this.responseId = grow(this.responseId, new Int32Array(size));
    this.itemId = grow(this.itemId, new Int32Array(size));
    this.callId = grow(this.callId, new Int32Array(size));
  }
}

type Numbers = Int32Array | Float64Array | Uint16Array | Uint8Array | Uint32Array;

function grow<T extends Numbers>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Binary search: the last index whose value is at most `wanted`. */
function lastAtMost(values: Numbers, count: number, wanted: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
