import type { AudioFormat } from './audio-format.ts';
import { bytesPerMs, loudness } from './audio-format.ts';

/**
 * Server-side turn detection by loudness. Two modes: *quiet*, left after 60 ms of loud frames (`started`), and *speech*,
 * left after `silenceMs` of quiet frames (`stopped`). Times count the audio appended in this session, not the wall clock,
 * so a call played faster than real time is detected the same way.
 */
export interface TurnRule {
  /** The protocol's threshold, 0 to 1. */
  readonly threshold: number;
  readonly prefixMs: number;
  readonly silenceMs: number;
}

/** What `push` found out. `startMs` includes the prefix padding, `endMs` the silence that ended the turn. */
export type VoiceChange =
  | { readonly kind: 'started'; readonly startMs: number }
  | { readonly kind: 'stopped'; readonly startMs: number; readonly endMs: number };

const FRAME_MS = 20;
const ATTACK_MS = 60;
/** Loudness that threshold 1 stands for; speech is about 0.05, room noise below 0.001. */
const FULL_THRESHOLD = 0.02;

export class VoiceActivity {
  #pending = Buffer.alloc(0);
  #atMs = 0;
  #loudMs = 0;
  #quietMs = 0;
  #startMs: number | null = null;
  #floorMs = 0;

  /** Feeds appended audio. With `rule` null (no turn detection) only the clock moves on. */
  push(audio: Buffer, format: AudioFormat, rule: TurnRule | null): VoiceChange[] {
    const frameBytes = FRAME_MS * bytesPerMs(format);
    const bytes = this.#pending.length === 0 ? audio : Buffer.concat([this.#pending, audio]);
    const changes: VoiceChange[] = [];
    let at = 0;
    for (; at + frameBytes <= bytes.length; at += frameBytes) {
      const frame = bytes.subarray(at, at + frameBytes);
      this.#atMs += FRAME_MS;
      const change = rule === null ? null : this.#step(loudness(frame, format) > rule.threshold * FULL_THRESHOLD, rule);
      if (change !== null) changes.push(change);
    }
    this.#pending = Buffer.from(bytes.subarray(at));
    return changes;
  }

  /** Milliseconds of audio appended so far, in whole frames. */
  get clockMs(): number {
    return this.#atMs;
  }

  /** Forgets a turn that is going on, because the client cleared or committed the buffer itself. */
  reset(): void {
    this.#startMs = null;
    this.#loudMs = 0;
    this.#quietMs = 0;
    this.#floorMs = this.#atMs;
  }

  #step(loud: boolean, rule: TurnRule): VoiceChange | null {
    this.#loudMs = loud ? this.#loudMs + FRAME_MS : 0;
    this.#quietMs = loud ? 0 : this.#quietMs + FRAME_MS;
    if (this.#startMs === null) {
      if (this.#loudMs < ATTACK_MS) return null;
      this.#startMs = Math.max(this.#floorMs, this.#atMs - this.#loudMs - rule.prefixMs);
      return { kind: 'started', startMs: this.#startMs };
    }
    if (this.#quietMs < rule.silenceMs) return null;
    const change: VoiceChange = { kind: 'stopped', startMs: this.#startMs, endMs: this.#atMs };
    this.reset();
    return change;
  }
}
