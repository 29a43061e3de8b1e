import { assert } from '#lib/base/assert.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { EventColumns, EventKind } from '#lib/session/event-columns.ts';
import { DIRECTIONS, expandSeqs } from '#lib/session/event-columns.ts';
import type { EventRow } from '#lib/session/view.ts';
import { Dictionary } from './dictionary.ts';

/**
 * All events of the open session as typed columns in the browser: filled once from `EventColumns`, then grown by live rows.
 * It only ever appends, in order of `seq`; what it holds already is passed over, so a push that comes twice changes nothing.
 * Rows with their notes are kept apart (`row-cache.ts`).
 */
export class EventLog {
  count = 0;
  seq = new Int32Array(1024);
  /** Milliseconds since the first message, never going back; or positions 1, 2, 3 … while no event has a time. */
  position = new Float64Array(1024);
  /** Microseconds since 1970; NaN where unknown. */
  at = new Float64Array(1024);
  kind = new Uint16Array(1024);
  direction = new Uint8Array(1024);
  byteLength = new Uint32Array(1024);
  audioBytes = new Uint32Array(1024);
  eventId = new Int32Array(1024);
  responseId = new Int32Array(1024);
  itemId = new Int32Array(1024);
  callId = new Int32Array(1024);

  readonly kinds: EventKind[] = [];
  readonly ids = new Dictionary();
  /** First known time, in microseconds since 1970; null while none is known. */
  firstAt: number | null = null;
  /** Messages missing between the first and the last `seq`. */
  missing = 0;
  readonly #kindCodes = new Map<string, number>();

  get lastSeq(): number {
    return this.count === 0 ? 0 : (this.seq[this.count - 1] as number);
  }

  /** Whether the axis is time; otherwise it is the order of events. */
  get timed(): boolean {
    return this.firstAt !== null;
  }

  get lastPosition(): number {
    return this.count === 0 ? 0 : (this.position[this.count - 1] as number);
  }

  /** Takes in everything recorded so far. */
  load(columns: EventColumns): void {
    this.#reserve(this.count + columns.count);
    const seqs = expandSeqs(columns);
    const kinds = columns.kinds.map((kind) => this.#kindCode(kind));
    const ids = columns.ids.map((id) => this.ids.code(id));
    for (let row = 0; row < columns.count; row += 1) {
      const at = columns.at[row];
      this.#push(seqs[row] as number, at === null || at === undefined || columns.firstAt === null ? null : columns.firstAt + at, {
        kind: kinds[columns.kind[row] as number] as number,
        direction: columns.direction[row] as number,
        byteLength: columns.byteLength[row] as number,
        audioBytes: columns.audioBytes[row] as number,
        eventId: columns.eventId === null ? 0 : (ids[columns.eventId[row] as number] ?? 0),
        responseId: ids[columns.responseId[row] as number] ?? 0,
        itemId: ids[columns.itemId[row] as number] ?? 0,
        callId: ids[columns.callId[row] as number] ?? 0,
      });
    }
  }

  /** Appends live rows; returns how many were new. */
  append(rows: readonly EventRow[]): number {
    const before = this.count;
    this.#reserve(this.count + rows.length);
    for (const row of rows) {
      this.#push(row.seq, row.at, {
        kind: this.#kindCode(row),
        direction: DIRECTIONS.indexOf(row.direction),
        byteLength: row.byteLength,
        audioBytes: row.audioBytes,
        eventId: this.ids.code(row.eventId),
        responseId: this.ids.code(row.responseId),
        itemId: this.ids.code(row.itemId),
        callId: this.ids.code(row.callId),
      });
    }
    return this.count - before;
  }

  /** The index of a `seq`, or of the nearest one before it; -1 where there is none. */
  indexOfSeq(seq: number): number {
    return lastAtMost(this.seq, this.count, seq);
  }

  /** The index of the last event at or before a position; -1 where there is none. */
  indexAt(position: number): number {
    return lastAtMost(this.position, this.count, position);
  }

  kindAt(index: number): EventKind {
    const kind = this.kinds[this.kind[index] as number];
    assert(kind !== undefined, 'every event has a kind');
    return kind;
  }

  directionAt(index: number): Direction {
    return DIRECTIONS[this.direction[index] as number] ?? 'unknown';
  }

  /** Messages lost directly before this one. */
  lostBefore(index: number): number {
    const previous = index === 0 ? 0 : (this.seq[index - 1] as number);
    return (this.seq[index] as number) - previous - 1;
  }

  /** Milliseconds since the session's first known time, null where the event has none. */
  offsetMs(index: number): number | null {
    const at = this.at[index] as number;
    return this.firstAt === null || Number.isNaN(at) ? null : (at - this.firstAt) / 1000;
  }

  /** The axis position of a wall time, for spans that come from the views; null where unknown. */
  positionOfTime(at: number | null): number | null {
    return at === null || this.firstAt === null ? null : (at - this.firstAt) / 1000;
  }

  /** The axis position of a `seq`. */
  positionOfSeq(seq: number): number {
    const index = this.indexOfSeq(seq);
    return index < 0 ? 0 : (this.position[index] as number);
  }

  #push(seq: number, at: number | null, row: Columns): void {
    if (seq <= this.lastSeq) return;
    const index = this.count;
    if (at !== null && this.firstAt === null) this.#startClock(at);
    this.missing += seq - this.lastSeq - 1;
    this.seq[index] = seq;
    this.at[index] = at ?? Number.NaN;
    this.position[index] = this.#nextPosition(index, at);
    for (const name of COLUMNS) this[name][index] = row[name];
    this.count = index + 1;
  }

  #nextPosition(index: number, at: number | null): number {
    if (this.firstAt === null) return index + 1;
    const previous = index === 0 ? 0 : (this.position[index - 1] as number);
    return at === null ? previous : Math.max(previous, (at - this.firstAt) / 1000);
  }

  /** The first known time turns the axis from order to time; what came before stands at its beginning. */
  #startClock(at: number): void {
    this.firstAt = at;
    this.position.fill(0, 0, this.count);
  }

  #kindCode(kind: EventKind): number {
    const key = `${kind.type}\n${kind.canonicalType}\n${kind.format}\n${kind.problem ?? ''}\n${kind.flags.join()}`;
    const known = this.#kindCodes.get(key);
    if (known !== undefined) return known;
    // The column has 16 bits; types beyond that (hostile input only) share the last kind's place in the lanes, their rows stay exact.
    const code = Math.min(this.kinds.length, 65_535);
    this.kinds[code] = { type: kind.type, canonicalType: kind.canonicalType, format: kind.format, problem: kind.problem, flags: kind.flags };
    this.#kindCodes.set(key, code);
    return code;
  }

  #reserve(needed: number): void {
    if (needed <= this.seq.length) return;
    const size = Math.max(needed, this.seq.length * 2);
    this.seq = grow(this.seq, new Int32Array(size));
    this.position = grow(this.position, new Float64Array(size));
    this.at = grow(this.at, new Float64Array(size));
    this.kind = grow(this.kind, new Uint16Array(size));
    this.direction = grow(this.direction, new Uint8Array(size));
    this.byteLength = grow(this.byteLength, new Uint32Array(size));
    this.audioBytes = grow(this.audioBytes, new Uint32Array(size));
    this.eventId = grow(this.eventId, new Int32Array(size));
    this.responseId = grow(this.responseId, new Int32Array(size));
    this.itemId = grow(this.itemId, new Int32Array(size));
    this.callId = grow(this.callId, new Int32Array(size));
  }
}

const COLUMNS = ['kind', 'direction', 'byteLength', 'audioBytes', 'eventId', 'responseId', 'itemId', 'callId'] as const;
type Columns = Readonly<Record<(typeof COLUMNS)[number], number>>;
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
