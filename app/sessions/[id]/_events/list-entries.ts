import type { EventLog } from '../_live/event-log.ts';
import { DELTA, kindClasses } from '../_timeline/kind-class.ts';

/** A line of the list before unfolding: one event, or a run of deltas of one kind and thing. */
export interface ListEntry {
  /** Index in the log of the event, or of the run's first. */
  readonly index: number;
  /** Indexes of all events of a run, in order; null for a single event. */
  readonly members: readonly number[] | null;
}

/** Shorter runs stay as they are: folding two lines into one hides more than it saves. */
const LEAST_RUN = 3;

/**
 * Makes the entries of the list. Deltas of several kinds arrive mixed (audio, transcript, the client's microphone):
 * within a stretch of nothing but deltas those of one kind and item become one run, at the place of its first.
 * `stable` entries, those before the last stretch, are reused when the log has only grown.
 */
export class EntryList {
  entries: ListEntry[] = [];
  readonly #log: EventLog;
  readonly #accepts: (index: number) => boolean;
  #stable = 0;
  #next = 0;

  constructor(log: EventLog, accepts: (index: number) => boolean) {
    this.#log = log;
    this.#accepts = accepts;
  }

  /** Takes in what the log has gained. */
  update(): readonly ListEntry[] {
    const { count } = this.#log;
    const classes = kindClasses(this.#log);
    const entries = this.entries.slice(0, this.#stable);
    let stretch: number[] = [];
    const stretchStarts = this.#next;
    let resumeAt = stretchStarts;
    for (let index = stretchStarts; index < count; index += 1) {
      if (!this.#accepts(index)) continue;
      if (classes[this.#log.kind[index] as number] === DELTA && this.#log.lostBefore(index) === 0) {
        stretch.push(index);
        continue;
      }
      this.#fold(stretch, entries);
      stretch = [];
      if (classes[this.#log.kind[index] as number] === DELTA) stretch.push(index);
      else entries.push({ index, members: null });
      resumeAt = stretch.length > 0 ? index : index + 1;
      this.#stable = entries.length;
    }
    this.#next = resumeAt;
    this.#fold(stretch, entries);
    this.entries = entries;
    return entries;
  }

  #fold(stretch: readonly number[], entries: ListEntry[]): void {
    const runs = new Map<string, number[]>();
    for (const index of stretch) {
      const key = `${this.#log.kind[index]} ${this.#log.direction[index]} ${this.#log.itemId[index]} ${this.#log.callId[index]}`;
      const run = runs.get(key);
      if (run === undefined) runs.set(key, [index]);
      else run.push(index);
    }
    const made: ListEntry[] = [];
    for (const run of runs.values()) {
      if (run.length >= LEAST_RUN) made.push({ index: run[0] as number, members: run });
      else for (const index of run) made.push({ index, members: null });
    }
    entries.push(...made.sort((left, right) => left.index - right.index));
  }
}

/** The entry that shows an event: its own line, or the run it lies in; -1 where the filter hides it. */
export function entryOf(entries: readonly ListEntry[], index: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as ListEntry).index <= index) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= 0 && at > low - 64; at -= 1) {
    const entry = entries[at] as ListEntry;
    if (entry.index === index || entry.members?.includes(index)) return at;
  }
  return -1;
}

/** A line of the list as shown. */
export interface ListLine {
  readonly entry: ListEntry;
  /** The event of this line within an unfolded run; -1 for the entry's own line. */
  readonly member: number;
}

/** Unfolds the runs whose first `seq` is in `open`. */
export function toLines(entries: readonly ListEntry[], log: EventLog, open: ReadonlySet<number>): readonly ListLine[] {
  if (open.size === 0) return entries.map((entry) => ({ entry, member: -1 }));
  return entries.flatMap((entry): ListLine[] => {
    const own = { entry, member: -1 };
    if (entry.members === null || !open.has(log.seq[entry.index] as number)) return [own];
    return [own, ...entry.members.map((member) => ({ entry, member }))];
  });
}

/** The index in the log of the event that a line stands for. */
export function indexOfLine(line: ListLine): number {
  return line.member === -1 ? line.entry.index : line.member;
}

/** Figures of a run. */
export interface RunTotals {
  readonly count: number;
  readonly bytes: number;
  readonly audioBytes: number;
  /** From its first to its last delta; null where times are unknown. */
  readonly spanMs: number | null;
}

/** Adds up a run. */
export function totalsOf(log: EventLog, members: readonly number[]): RunTotals {
  let bytes = 0;
  let audioBytes = 0;
  for (const index of members) {
    bytes += log.byteLength[index] as number;
    audioBytes += log.audioBytes[index] as number;
  }
  const first = log.offsetMs(members[0] as number);
  const last = log.offsetMs(members.at(-1) as number);
  return { count: members.length, bytes, audioBytes, spanMs: first === null || last === null ? null : last - first };
}
