import type { AudioFormat } from './audio-format.ts';
import { encodeAudio, SAMPLE_RATE } from './audio-format.ts';
import type { Random } from './random.ts';
import { roomNoise } from './speech.ts';

const CHUNK_MS = 100;
const CHUNK_SAMPLES = (CHUNK_MS * SAMPLE_RATE) / 1000;
/** The noise of the room, over and over: making it anew for each chunk would be most of a caller's work. */
const NOISE_CHUNKS = 16;
/** More than this is not caught up with: a machine that is behind would only fall further behind. */
const MAX_BEHIND = 5;

interface MicrophoneInput {
  readonly format: AudioFormat;
  readonly pace: number;
  readonly random: Random;
  send(audio: Buffer): void;
}

/**
 * An open microphone: every 100 ms it sends what is being said, or the noise of the room. A late timer is caught up with, so that
 * the audio's clock keeps up with the call's, up to half a second of audio.
 */
export class Microphone {
  readonly #input: MicrophoneInput;
  readonly #timer: NodeJS.Timeout;
  readonly #openedAt = performance.now();
  readonly #noise: readonly Int16Array[];
  #sent = 0;
  #queue: Int16Array = new Int16Array(0);
  #silent: (() => void)[] = [];

  constructor(input: MicrophoneInput) {
    this.#input = input;
    this.#noise = Array.from({ length: NOISE_CHUNKS }, () => roomNoise(CHUNK_MS, input.random));
    this.#timer = setInterval(() => this.#catchUp(), Math.max(1, CHUNK_MS * input.pace));
  }

  /** Resolves when all of it has been sent. */
  speak(samples: Int16Array): Promise<void> {
    const queue = new Int16Array(this.#queue.length + samples.length);
    queue.set(this.#queue);
    queue.set(samples, this.#queue.length);
    this.#queue = queue;
    return new Promise((resolve) => this.#silent.push(resolve));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #catchUp(): void {
    const due = Math.floor((performance.now() - this.#openedAt) / Math.max(1, CHUNK_MS * this.#input.pace));
    this.#sent = Math.max(this.#sent, due - MAX_BEHIND);
    while (this.#sent < due) this.#sendChunk();
  }

  #sendChunk(): void {
    this.#sent += 1;
    const chunk = Int16Array.from(this.#noise[this.#sent % NOISE_CHUNKS] ?? []);
    chunk.set(this.#queue.subarray(0, CHUNK_SAMPLES));
    this.#queue = this.#queue.slice(CHUNK_SAMPLES);
    this.#input.send(encodeAudio(chunk, this.#input.format));
    if (this.#queue.length > 0) return;
    for (const resolve of this.#silent.splice(0)) resolve();
  }
}
