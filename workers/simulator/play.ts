import { setTimeout as sleep } from 'node:timers/promises';
import type { RawData } from 'ws';
import { WebSocket } from 'ws';
import { assertUnreachable } from '#lib/base/assert.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { isJsonObject, objectAt, stringAt } from '#lib/base/json.ts';
import { bytesPerMs } from './audio-format.ts';
import type { SimulatorDialect } from './dialect.ts';
import { eventName, isBetaShaped, toBetaItem } from './dialect.ts';
import type { MessageRecord } from './message-record.ts';
import { emptyRecord, hashMessage } from './message-record.ts';
import { Microphone } from './microphone.ts';
import { makeRandom } from './random.ts';
import type { CallerStep, Scenario } from './scenario.ts';
import { inputFormat, outputFormat, toBetaSession } from './session-config.ts';
import { speak } from './speech.ts';

export interface PlayOptions {
  readonly scenario: Scenario;
  /** Complete WebSocket URL: of the tap, or of a provider itself. */
  readonly url: string;
  readonly dialect: SimulatorDialect;
  readonly headers?: Readonly<Record<string, string>>;
  /** 1 is real time, 0.1 ten times as fast. */
  readonly pace?: number;
  /** Longest wait for an awaited event, in real milliseconds. */
  readonly patienceMs?: number;
}

/** What the caller saw of its call. */
export interface PlayedCall {
  /** The provider's id of the session. */
  readonly providerSession: string | null;
  readonly messages: MessageRecord;
  readonly closeCode: number;
  /** Every event received, in order; names are those of the dialect. */
  readonly received: readonly JsonObject[];
}

/**
 * Plays the caller's side of a scenario against any URL: the steps in order, with the timing of a person.
 * @throws DeltascopeError DS_SIMULATOR_CALL_STUCK where the other side refuses, hangs up or does not answer
 */
export async function playScenario(options: PlayOptions): Promise<PlayedCall> {
  const call = new Call(options);
  try {
    await call.connect();
    for (const step of options.scenario.caller) await call.perform(step);
    return await call.hangUp();
  } finally {
    call.abandon();
  }
}

type ToolOutputStep = Extract<CallerStep, { do: 'give-tool-output' }>;

const HANG_UP_PATIENCE_MS = 5000;

/** The caller's end of one call. */
class Call {
  readonly #options: PlayOptions;
  readonly #socket: WebSocket;
  readonly #messages = emptyRecord();
  readonly #received: JsonObject[] = [];
  readonly #random;
  #config: JsonObject = {};
  #microphone: Microphone | null = null;
  #wake: () => void = () => {};
  #gone: string | null = null;
  #closeCode: number | null = null;
  #hasOpened = false;
  #playback: { itemId: string; startedAt: number; bytes: number } | null = null;

  constructor(options: PlayOptions) {
    this.#options = options;
    this.#random = makeRandom(`caller of ${options.scenario.name}`);
    const headers = options.dialect === 'beta' ? { ...options.headers, 'OpenAI-Beta': 'realtime=v1' } : { ...options.headers };
    this.#socket = new WebSocket(options.url, { headers, perMessageDeflate: false, maxPayload: 0 });
    this.#socket.on('open', () => {
      this.#hasOpened = true;
      this.#wake();
    });
    this.#socket.on('message', (data) => this.#onMessage(data));
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('close', (code, reason) => {
      this.#closeCode = code;
      this.#end(`closed with ${code} ${reason.toString('utf8')}`.trim());
    });
  }

  async connect(): Promise<void> {
    await this.#until(() => this.#hasOpened, 'an open connection');
  }

  async perform(step: CallerStep): Promise<void> {
    switch (step.do) {
      case 'send':
        return step.asWritten ? this.#sendWire(step.event as JsonObject) : this.#send(step.event as JsonObject);
      case 'type':
        return this.#send({ type: 'conversation.item.create', item: typedMessage(step.text) });
      case 'speak':
        return this.#speak(step.text);
      case 'open-microphone':
        return this.#openMicrophone();
      case 'close-microphone':
        return this.#microphone?.close();
      case 'await':
        return this.#until(() => this.#count(step.type) >= step.count, `${step.count} × ${step.type}`);
      case 'give-tool-output':
        return this.#giveToolOutput(step);
      case 'truncate-to-played':
        return this.#truncateToPlayed();
      case 'pause':
        return this.#pause(step.ms);
      case 'await-close':
        return this.#awaitClose(step.code);
      default:
        return assertUnreachable(step);
    }
  }

  /** Closes in order and waits for the other side to agree. */
  async hangUp(): Promise<PlayedCall> {
    this.#microphone?.close();
    const closeCode = this.#closeCode ?? (await this.#close());
    const created = this.#received.find((event) => event['type'] === 'session.created');
    return {
      providerSession: stringAt(objectAt(created, 'session'), 'id') ?? null,
      messages: this.#messages,
      closeCode,
      received: this.#received,
    };
  }

  #close(): Promise<number> {
    const closed = new Promise<number>((resolve) => this.#socket.once('close', resolve));
    this.#socket.close(1000, 'The caller hung up.');
    return Promise.race([closed, sleep(HANG_UP_PATIENCE_MS, 1006, { ref: false })]);
  }

  /** Lets go of everything, whatever state the call is in. */
  abandon(): void {
    this.#microphone?.close();
    this.#socket.terminate();
  }

  #send(gaEvent: JsonObject): void {
    if (gaEvent['type'] === 'session.update') this.#config = objectAt(gaEvent, 'session') ?? {};
    this.#sendWire(isBetaShaped(this.#options.dialect) ? toBetaEvent(gaEvent) : gaEvent);
  }

  #sendWire(event: JsonObject): void {
    const text = JSON.stringify(event);
    this.#messages.clientToServer.push(hashMessage(text));
    this.#socket.send(text);
  }

  #openMicrophone(): void {
    const send = (audio: Buffer) => this.#send({ type: 'input_audio_buffer.append', audio: audio.toString('base64') });
    this.#microphone = new Microphone({ format: inputFormat(this.#config), pace: this.#pace, random: this.#random, send });
  }

  async #speak(text: string): Promise<void> {
    if (this.#microphone === null) throw this.#stuck('the scenario speaks before it opens the microphone');
    let said = false;
    void this.#microphone.speak(speak(text, { pitchHz: 120, random: this.#random })).then(() => {
      said = true;
      this.#wake();
    });
    await this.#until(() => said, 'the end of the sentence');
  }

  async #giveToolOutput(step: ToolOutputStep): Promise<void> {
    const calls = () => this.#received.filter((event) => isFinishedCall(event));
    const answered = this.#received.filter((event) => event['type'] === 'response.done').length;
    await this.#until(() => calls().length > 0, 'a function call');
    await this.#until(() => this.#count('response.done') > answered, 'response.done');
    await this.#pause(step.afterMs);
    const callId = stringAt(objectAt(calls().at(-1), 'item'), 'call_id') ?? '';
    const named = step.withoutCallId ? {} : { call_id: callId };
    this.#send({ type: 'conversation.item.create', item: { type: 'function_call_output', ...named, output: step.output } });
    if (!step.withoutResponseCreate) this.#send({ type: 'response.create' });
  }

  /** Tells the provider how much of its answer was heard: the time since playback began, at most what was received. */
  async #truncateToPlayed(): Promise<void> {
    const { itemId, startedAt, bytes } = this.#playback ?? (await this.#waitForPlayback());
    const playedMs = (performance.now() - startedAt) / this.#pace;
    const receivedMs = bytes / bytesPerMs(outputFormat(this.#config));
    const audioEndMs = Math.floor(Math.min(playedMs, receivedMs));
    this.#send({ type: 'conversation.item.truncate', item_id: itemId, content_index: 0, audio_end_ms: audioEndMs });
  }

  async #waitForPlayback(): Promise<{ itemId: string; startedAt: number; bytes: number }> {
    await this.#until(() => this.#playback !== null, 'audio to truncate');
    return this.#playback as { itemId: string; startedAt: number; bytes: number };
  }

  async #pause(ms: number): Promise<void> {
    const until = performance.now() + ms * this.#pace;
    await this.#until(() => performance.now() >= until, 'the end of a pause', ms * this.#pace);
  }

  async #awaitClose(code: number): Promise<void> {
    await this.#until(() => this.#closeCode !== null, `a close with ${code}`);
    if (this.#closeCode !== code) throw this.#stuck(`a close with ${code} did not come: ${this.#gone}`);
  }

  get #pace(): number {
    return this.#options.pace ?? 1;
  }

  #count(gaType: string): number {
    const name = eventName(gaType, this.#options.dialect);
    return this.#received.filter((event) => event['type'] === name).length;
  }

  /** Waits until something is so; looks again whenever a message arrives, and at the latest after `atMostMs`. */
  async #until(isSo: () => boolean, what: string, atMostMs?: number): Promise<void> {
    const deadline = performance.now() + (atMostMs ?? this.#options.patienceMs ?? 60_000);
    while (!isSo()) {
      if (this.#gone !== null) throw this.#stuck(`${what} did not come: ${this.#gone}`);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 && atMostMs === undefined) throw this.#stuck(`${what} did not come`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, leftMs));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #stuck(detail: string): DeltascopeError {
    return new DeltascopeError(
      'DS_SIMULATOR_CALL_STUCK',
      `Scenario "${this.#options.scenario.name}" at ${withoutQuery(this.#options.url)}: ${detail}.`,
    );
  }

  #onMessage(data: RawData): void {
    const payload = data as Buffer;
    this.#messages.serverToClient.push(hashMessage(payload));
    const event: unknown = JSON.parse(payload.toString('utf8'));
    if (isJsonObject(event)) {
      this.#received.push(event);
      this.#notePlayback(event);
    }
    this.#wake();
  }

  #notePlayback(event: JsonObject): void {
    if (event['type'] !== eventName('response.output_audio.delta', this.#options.dialect)) return;
    const itemId = stringAt(event, 'item_id') ?? '';
    if (this.#playback?.itemId !== itemId) this.#playback = { itemId, startedAt: performance.now(), bytes: 0 };
    this.#playback.bytes += Buffer.byteLength(stringAt(event, 'delta') ?? '', 'base64');
  }

  #end(how: string): void {
    this.#gone ??= how;
    this.#wake();
  }
}

function typedMessage(text: string): JsonObject {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

function isFinishedCall(event: JsonObject): boolean {
  return event['type'] === 'response.output_item.done' && stringAt(objectAt(event, 'item'), 'type') === 'function_call';
}

function toBetaEvent(event: JsonObject): JsonObject {
  const { session, response, item } = event;
  const beta = { ...event };
  if (isJsonObject(session)) beta['session'] = toBetaSession(session);
  if (isJsonObject(response)) beta['response'] = toBetaSession(response);
  if (isJsonObject(item)) beta['item'] = toBetaItem(item);
  return beta;
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0] as string;
}
