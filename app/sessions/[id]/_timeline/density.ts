import type { EventLog } from '../_live/event-log.ts';
import { DELTA, ERROR, kindClasses } from './kind-class.ts';
import type { Frame, View } from './scale.ts';

/** A stretch of the axis in which messages are missing. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly lost: number;
}

/** Hostile input may have a gap before each message; more than these cannot be told apart anyway. */
const MOST_GAPS = 500;

/** What lies under each pixel column of the view; filled anew for every frame, so the arrays are kept and reused. */
export class Density {
  width = 0;
  /** Events that are not deltas. */
  client = new Uint32Array(0);
  server = new Uint32Array(0);
  /** Deltas: pieces of something larger. */
  clientDeltas = new Uint32Array(0);
  serverDeltas = new Uint32Array(0);
  clientAudio = new Float32Array(0);
  serverAudio = new Float32Array(0);
  errors = new Uint32Array(0);
  /** Where messages are missing: from the last one before to the first one after, in axis values. */
  gaps: Gap[] = [];
  #scratch = new Float32Array(0);
  #lastClientAudio = -1;
  #lastServerAudio = -1;

  /** One pass over the events in view. */
  measure(log: EventLog, view: View, frame: Frame): void {
    this.#clear(Math.max(0, Math.ceil(frame.width)));
    const classes = kindClasses(log);
    const scale = frame.width / (view.to - view.from);
    const reach = Math.ceil((log.timed ? AUDIO_REACH_MICROS : AUDIO_REACH_EVENTS) * scale);
    this.#lastClientAudio = this.#lastServerAudio = -1;
    const first = log.indexBefore(view.from) + 1;
    const { position, kind, direction, audioBytes, seq, count } = log;
    for (let index = first; index < count; index += 1) {
      const at = position[index] as number;
      if (at > view.to) break;
      const x = Math.floor((at - view.from) * scale);
      if (x < 0 || x >= this.width) continue;
      const kindClass = classes[kind[index] as number];
      const fromClient = direction[index] === 1;
      const deltas = kindClass === DELTA;
      const target = fromClient ? (deltas ? this.clientDeltas : this.client) : deltas ? this.serverDeltas : this.server;
      target[x] = (target[x] as number) + 1;
      if (kindClass === ERROR) this.errors[x] = (this.errors[x] as number) + 1;
      const audio = audioBytes[index] as number;
      if (audio > 0) this.#addAudio(fromClient, x, audio, reach);
      const gap = (seq[index] as number) - (index === 0 ? 0 : (seq[index - 1] as number)) - 1;
      if (gap > 0 && this.gaps.length < MOST_GAPS)
        this.gaps.push({ from: index === 0 ? at : (position[index - 1] as number), to: at, lost: gap });
    }
  }

  /** What a column of the client's audio is at full height: the most that is usual. Sorts: ask once per frame. */
  get mostClientAudio(): number {
    return usualMost(this.clientAudio, this.#scratch);
  }

  get mostServerAudio(): number {
    return usualMost(this.serverAudio, this.#scratch);
  }

  /** Spreads a piece of audio back to the one before it, if that is near: what is drawn is a rate, not a comb. */
  #addAudio(fromClient: boolean, x: number, bytes: number, reach: number): void {
    const target = fromClient ? this.clientAudio : this.serverAudio;
    const last = fromClient ? this.#lastClientAudio : this.#lastServerAudio;
    const alone = last === -1 || x - last > reach;
    const from = alone ? x : Math.min(x, last + 1);
    // One that stands alone lasted as long as any other: its bytes are not all in one column.
    const share = bytes / (alone ? Math.max(1, reach / 4) : x - from + 1);
    for (let column = from; column <= x; column += 1) {
      target[column] = (target[column] as number) + share;
    }
    if (fromClient) this.#lastClientAudio = x;
    else this.#lastServerAudio = x;
  }

  #clear(width: number): void {
    this.gaps = [];
    if (width !== this.width) {
      this.width = width;
      for (const name of COUNTS) this[name] = new Uint32Array(width);
      for (const name of SUMS) this[name] = new Float32Array(width);
      this.#scratch = new Float32Array(width);
      return;
    }
    for (const name of COUNTS) this[name].fill(0);
    for (const name of SUMS) this[name].fill(0);
  }
}

/** The most but for a few columns: two pieces that arrive at once would make all the others look silent. */
function usualMost(sums: Float32Array, scratch: Float32Array): number {
  let count = 0;
  for (const sum of sums) if (sum > 0) scratch[count++] = sum;
  return scratch.subarray(0, count).sort()[Math.floor(count * 0.97)] ?? 1;
}

/** Pieces of audio further apart than this are not one stream. */
const AUDIO_REACH_MICROS = 450_000;
const AUDIO_REACH_EVENTS = 6;

const COUNTS = ['client', 'server', 'clientDeltas', 'serverDeltas', 'errors'] as const;
const SUMS = ['clientAudio', 'serverAudio'] as const;
