/**
 * The few words that the relay's event loop and the writer thread share beside the chunks.
 *
 *   writer: busy ──nothing new for a while──▶ asleep ──wake, or a second──▶ busy
 *
 * A busy writer looks for new frames by itself every few milliseconds, so that under load the relay never has to wake it (a system
 * call). Only a writer that has said that it sleeps is woken.
 */
export interface ThreadControl {
  readonly memory: SharedArrayBuffer;
  /** Relay: makes sure that what was just completed is soon seen. */
  wake(): void;
  /** Relay: asks the thread to write what there is, and to end. */
  requestEnd(): void;
  readonly isEndRequested: boolean;
  /** The place in the stream up to which all is in the spool. */
  written: number;
  /** Writer: rests until `wake` or the limit, unless `hasMore` after it has said so. */
  sleep(limitMs: number, hasMore: () => boolean): void;
  /** Writer: rests without being woken. */
  nap(ms: number): void;
}

const ASLEEP = 0;
const END = 1;
const NEVER = 2;
const WRITTEN_OFFSET = 16;

/** Makes the shared words, or the other thread's view of them. */
export function makeThreadControl(memory: SharedArrayBuffer = new SharedArrayBuffer(WRITTEN_OFFSET + 8)): ThreadControl {
  const words = new Int32Array(memory, 0, 3);
  const places = new BigInt64Array(memory, WRITTEN_OFFSET, 1);
  const wake = (): void => {
    if (Atomics.load(words, ASLEEP) === 0) return;
    Atomics.store(words, ASLEEP, 0);
    Atomics.notify(words, ASLEEP);
  };
  return {
    memory,
    wake,
    requestEnd() {
      Atomics.store(words, END, 1);
      wake();
    },
    get isEndRequested() {
      return Atomics.load(words, END) === 1;
    },
    get written() {
      return Number(Atomics.load(places, 0));
    },
    set written(place) {
      Atomics.store(places, 0, BigInt(place));
    },
    sleep(limitMs, hasMore) {
      Atomics.store(words, ASLEEP, 1);
      // Looked at again after the word is set: whoever completed a frame before did not see it, whoever does after wakes.
      if (!hasMore()) Atomics.wait(words, ASLEEP, 1, limitMs);
      Atomics.store(words, ASLEEP, 0);
    },
    nap(ms) {
      Atomics.wait(words, NEVER, 0, ms);
    },
  };
}
