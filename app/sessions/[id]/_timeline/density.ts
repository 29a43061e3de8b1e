import type { EventLog } from '../_live/event-log.ts';
import { DELTA, ERROR, kindClasses } from './kind-class.ts';
import type { Frame, View } from './scale.ts';

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
  /** Messages lost directly before an event of this column. */
  lost = new Uint32Array(0);
  maxAudio = 0;

  /** One pass over the events in view. */
  measure(log: EventLog, view: View, frame: Frame): void {
    this.#clear(Math.max(0, Math.ceil(frame.width)));
    const classes = kindClasses(log);
    const scale = frame.width / (view.to - view.from);
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
      if (audio > 0) this.#addAudio(fromClient, x, audio);
      const gap = (seq[index] as number) - (index === 0 ? 0 : (seq[index - 1] as number)) - 1;
      if (gap > 0) this.lost[x] = (this.lost[x] as number) + gap;
    }
  }

  #addAudio(fromClient: boolean, x: number, bytes: number): void {
    const target = fromClient ? this.clientAudio : this.serverAudio;
    const sum = (target[x] as number) + bytes;
    target[x] = sum;
    if (sum > this.maxAudio) this.maxAudio = sum;
  }

  #clear(width: number): void {
    this.maxAudio = 0;
    if (width !== this.width) {
      this.width = width;
      for (const name of COUNTS) this[name] = new Uint32Array(width);
      for (const name of SUMS) this[name] = new Float32Array(width);
      this.lost = new Uint32Array(width);
      return;
    }
    for (const name of COUNTS) this[name].fill(0);
    for (const name of SUMS) this[name].fill(0);
    this.lost.fill(0);
  }
}

const COUNTS = ['client', 'server', 'clientDeltas', 'serverDeltas', 'errors'] as const;
const SUMS = ['clientAudio', 'serverAudio'] as const;
