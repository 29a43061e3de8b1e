import type { JsonObject } from '#lib/base/json.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import type { ProviderScript } from './scenario.ts';

interface EventLineInput {
  readonly script: ProviderScript;
  send(event: JsonObject): void;
  /** Calls `act` after `ms` of provider time. */
  after(ms: number, act: () => void): void;
}

/** Bytes of pcm16 at 24 kHz in a millisecond: what a media track plays. */
const TRACK_BYTES_PER_MS = 48;

/**
 * What lies between the provider and its client, in GA words: here a scenario's events get lost, are left out, or travel on the media
 * track of a WebRTC call, of which the socket shows only when the playback begins and ends.
 */
export class EventLine {
  readonly #input: EventLineInput;
  readonly #counts = new Map<string, number>();
  /** Milliseconds of audio that each response has put on the media track. */
  readonly #played = new Map<string, number>();

  constructor(input: EventLineInput) {
    this.#input = input;
  }

  /** Passes an event on, or what the client sees in its place. */
  take(event: JsonObject): void {
    const type = String(event['type']);
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    const { leavesOut, loses, mediaTrack } = this.#input.script;
    if (leavesOut.includes(type) || loses.some((lost) => lost.type === type && lost.count === count)) return;
    if (mediaTrack && type === 'response.output_audio.delta') return this.#play(event);
    this.#input.send(event);
    if (mediaTrack && type === 'response.done') this.#endPlayback(objectAt(event, 'response') ?? {});
  }

  #play(event: JsonObject): void {
    const responseId = stringAt(event, 'response_id') ?? '';
    const before = this.#played.get(responseId);
    const ms = Buffer.byteLength(stringAt(event, 'delta') ?? '', 'base64') / TRACK_BYTES_PER_MS;
    this.#played.set(responseId, (before ?? 0) + ms);
    if (before === undefined) this.#input.send({ type: 'output_audio_buffer.started', response_id: responseId });
  }

  /** A whole answer is played to its end, after `response.done`; an interrupted one is cleared at once. */
  #endPlayback(response: JsonObject): void {
    const responseId = stringAt(response, 'id') ?? '';
    const ms = this.#played.get(responseId);
    if (ms === undefined) return;
    this.#played.delete(responseId);
    const end = (how: string) => this.#input.send({ type: `output_audio_buffer.${how}`, response_id: responseId });
    if (response['status'] === 'cancelled') end('cleared');
    else this.#input.after(ms, () => end('stopped'));
  }
}
