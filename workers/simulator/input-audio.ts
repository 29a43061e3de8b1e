import type { AudioFormat } from './audio-format.ts';
import { bytesPerMs } from './audio-format.ts';
import type { TurnRule, VoiceChange } from './voice-activity.ts';
import { VoiceActivity } from './voice-activity.ts';

/** Least audio that can be committed. */
const MIN_COMMIT_MS = 100;

/** The input audio buffer: what was appended and not yet committed, and the turn detection that listens to it. */
export class InputAudio {
  readonly #detection = new VoiceActivity();
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Where on the session's audio clock the buffer begins. */
  #beginMs = 0;

  append(audio: Buffer, format: AudioFormat, rule: TurnRule | null): VoiceChange[] {
    this.#chunks.push(audio);
    this.#bytes += audio.length;
    const changes = this.#detection.push(audio, format, rule);
    return changes;
  }

  /** Takes the audio of a detected turn and drops what came before it. */
  takeTurn(startMs: number, endMs: number, format: AudioFormat): Buffer {
    const whole = Buffer.concat(this.#chunks);
    const perMs = bytesPerMs(format);
    const at = (ms: number) => Math.max(0, Math.round((ms - this.#beginMs) * perMs));
    const turn = whole.subarray(at(startMs), at(endMs));
    this.#replace(whole.subarray(at(endMs)), endMs);
    return turn;
  }

  /** Takes everything, as `input_audio_buffer.commit` asks; null where there is less than 100 ms. */
  takeAll(format: AudioFormat): Buffer | null {
    if (this.bufferedMs(format) < MIN_COMMIT_MS) return null;
    const whole = Buffer.concat(this.#chunks);
    this.clear();
    return whole;
  }

  clear(): void {
    this.#replace(Buffer.alloc(0), this.#detection.clockMs);
    this.#detection.reset();
  }

  bufferedMs(format: AudioFormat): number {
    return this.#bytes / bytesPerMs(format);
  }

  #replace(rest: Buffer, beginMs: number): void {
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
    this.#beginMs = beginMs;
  }
}
