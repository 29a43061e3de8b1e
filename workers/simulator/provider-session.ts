import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject, objectAt, stringAt } from '#lib/base/json.ts';
import { AnswerChoice } from './answer-choice.ts';
import { bytesPerMs } from './audio-format.ts';
import type { StoredItem } from './conversation.ts';
import { Conversation, withAudio } from './conversation.ts';
import type { SimulatorDialect } from './dialect.ts';
import { toWire } from './dialect.ts';
import { EventLine } from './event-line.ts';
import { missingParameter, unsupportedValue, wrongType } from './field-check.ts';
import { InputAudio } from './input-audio.ts';
import { transcribeInput } from './input-transcription.ts';
import { listMcpTools, mcpServers } from './mcp-tools.ts';
import { ProviderClock } from './provider-clock.ts';
import type { Random } from './random.ts';
import { makeRandom } from './random.ts';
import type { Refusal } from './refusal.ts';
import { errorEvent, isRefusal, refuse } from './refusal.ts';
import { ResponseRun } from './response-run.ts';
import type { ProviderScript } from './scenario.ts';
import * as config from './session-config.ts';
import type { TokenCount } from './token-count.ts';
import { addTokens, cachedTokens, countCallerTokens, countTextTokens, NO_TOKENS } from './token-count.ts';
import { checkTruncation, truncateItem } from './truncation.ts';
import type { VoiceChange } from './voice-activity.ts';
import { makeWireId } from './wire-ids.ts';

/** What a provider session is told when a client connects. */
export interface ProviderSessionInput {
  readonly dialect: SimulatorDialect;
  readonly model: string;
  readonly type: 'realtime' | 'transcription';
  readonly script: ProviderScript;
  /** Seeds jitter and voice. */
  readonly seed: string;
  readonly pace: number;
  send(text: string): void;
  close(code: number, reason: string): void;
}

type Handler = (event: JsonObject) => Refusal | null;

const SESSION_MS = 3_600_000;
const EXPIRED = 'Your session hit the maximum duration of 60 minutes.';
const TOKENS_PER_MINUTE = 40_000;
const REQUESTS_PER_MINUTE = 1000;

/**
 * One connection as the provider sees it: takes the client's events in order, checks each, and answers as the protocol says.
 * A client event that cannot be carried out changes nothing and is answered by one `error`; the session goes on.
 */
export class ProviderSession {
  readonly #input: ProviderSessionInput;
  readonly #conversationId = makeWireId('conv');
  readonly #conversation = new Conversation();
  readonly #audio = new InputAudio();
  readonly #choice: AnswerChoice;
  readonly #clock: ProviderClock;
  readonly #line: EventLine;
  readonly #random: Random;
  readonly #running = new Set<ResponseRun>();
  #config: config.SessionConfig;
  #turnItemId: string | null = null;
  #lastPrompt: TokenCount = NO_TOKENS;
  #assistantHasSpoken = false;
  #responses = 0;

  constructor(input: ProviderSessionInput) {
    this.#input = input;
    this.#config = config.defaultSession(input);
    this.#choice = new AnswerChoice(input.script);
    this.#clock = new ProviderClock(input.pace);
    this.#line = new EventLine({
      script: input.script,
      send: (event) => this.#send(event),
      after: (ms, act) => this.#clock.after(ms, act),
    });
    this.#random = makeRandom(input.seed);
  }

  /** Greets the client; nothing is sent before. */
  open(): void {
    const { turnsAway } = this.#input.script;
    if (turnsAway !== undefined) {
      this.#emit(errorEvent(refuse(turnsAway.code, turnsAway.message), null));
      return this.#input.close(turnsAway.closeCode, turnsAway.closeReason);
    }
    this.#emit({ type: 'session.created', session: config.renderSession(this.#config, this.#input.dialect) });
    this.#emit({ type: 'conversation.created', conversation: { id: this.#conversationId, object: 'realtime.conversation' } });
    const expiry = new ProviderClock(1);
    expiry.after(SESSION_MS, () => {
      this.#emit(errorEvent(refuse('session_expired', EXPIRED), null));
      this.#input.close(1001, EXPIRED);
    });
    this.#stopExpiry = () => expiry.stop();
  }

  /** The provider's own id of this session. */
  get id(): string {
    return String(this.#config['id']);
  }

  /** Handles one message of the client. */
  receive(text: string): void {
    const event = parseObject(text);
    const causedBy = stringAt(event, 'event_id') ?? null;
    const refusal = event === null ? refuse('invalid_event', 'The message is not a JSON object.') : this.#handle(event);
    if (refusal !== null) this.#emit(errorEvent(refusal, causedBy));
  }

  /** The connection is gone: nothing more is produced. */
  stop(): void {
    this.#clock.stop();
    this.#stopExpiry();
  }

  #stopExpiry: () => void = () => {};

  readonly #handlers: Readonly<Record<string, Handler>> = {
    'session.update': (event) => this.#updateSession(event),
    'input_audio_buffer.append': (event) => this.#appendAudio(event),
    'input_audio_buffer.commit': () => this.#commitAudio(),
    'input_audio_buffer.clear': () => this.#clearAudio(),
    'conversation.item.create': (event) => this.#createItem(event),
    'conversation.item.retrieve': (event) => this.#retrieveItem(event),
    'conversation.item.truncate': (event) => this.#truncateItem(event),
    'conversation.item.delete': (event) => this.#deleteItem(event),
    'response.create': (event) => this.#createResponse(event['response']),
    'response.cancel': (event) => this.#cancelResponse(event['response_id']),
  };

  #handle(event: JsonObject): Refusal | null {
    const type = event['type'];
    if (typeof type !== 'string') return refuse('invalid_event', "The 'type' field is missing.");
    const handler = Object.hasOwn(this.#handlers, type) ? this.#handlers[type] : undefined;
    return handler === undefined ? unsupportedValue(type.slice(0, 200), Object.keys(this.#handlers), 'type') : handler(event);
  }

  #emit(event: JsonObject): void {
    this.#line.take(event);
  }

  #send(event: JsonObject): void {
    const wire = toWire(event, this.#input.dialect);
    if (wire === null) return;
    const { type, ...fields } = wire;
    this.#input.send(JSON.stringify({ type, event_id: makeWireId('event'), ...fields }));
  }

  #updateSession(event: JsonObject): Refusal | null {
    const asked = config.updateSession(this.#config, event['session'], this.#input.dialect, this.#assistantHasSpoken);
    if (isRefusal(asked)) return asked;
    const kept = this.#input.script.ignores.map((name) => [name, this.#config[name] ?? null]);
    const updated: config.SessionConfig = { ...asked, ...Object.fromEntries(kept) };
    const known = mcpServers(this.#config);
    this.#config = updated;
    this.#emit({ type: 'session.updated', session: config.renderSession(updated, this.#input.dialect) });
    for (const server of mcpServers(updated)) if (!known.includes(server)) this.#listTools(server);
    return null;
  }

  #listTools(server: string): void {
    const tools = this.#input.script.mcpTools[server] ?? [];
    const previousItemId = this.#conversation.lastId;
    void listMcpTools({ server, tools, previousItemId, clock: this.#clock, emit: (event) => this.#emit(event) });
  }

  #appendAudio(event: JsonObject): Refusal | null {
    const audio = event['audio'];
    if (audio === undefined) return missingParameter('audio');
    if (typeof audio !== 'string') return wrongType(audio, 'a string', 'audio');
    const bytes = Buffer.from(audio, 'base64');
    if (audio !== '' && bytes.length === 0)
      return refuse('invalid_value', "Invalid 'audio'. Expected base64-encoded audio bytes.", 'audio');
    for (const change of this.#audio.append(bytes, config.inputFormat(this.#config), config.turnRule(this.#config)))
      this.#onVoice(change);
    return null;
  }

  #onVoice(change: VoiceChange): void {
    if (change.kind === 'started') {
      this.#turnItemId = makeWireId('item');
      this.#emit({ type: 'input_audio_buffer.speech_started', audio_start_ms: change.startMs, item_id: this.#turnItemId });
      if (config.turnDoes(this.#config, 'interrupt_response')) this.#inBandRun()?.cancel('turn_detected');
      return;
    }
    const itemId = this.#turnItemId ?? makeWireId('item');
    this.#emit({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: change.endMs, item_id: itemId });
    this.#addSpokenTurn(itemId, this.#audio.takeTurn(change.startMs, change.endMs, config.inputFormat(this.#config)));
    // A turn that ends while a response is active and may not be interrupted gets no answer: the protocol's silently lost turn.
    const answers = config.turnDoes(this.#config, 'create_response') && this.#input.type === 'realtime';
    if (answers && this.#inBandRun() === undefined) this.#startResponse(this.#config, this.#conversation, null);
  }

  #commitAudio(): Refusal | null {
    const format = config.inputFormat(this.#config);
    const bufferedMs = this.#audio.bufferedMs(format);
    const bytes = this.#audio.takeAll(format);
    if (bytes === null) {
      const facts = `Expected at least 100ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`;
      return refuse('input_audio_buffer_commit_empty', `Error committing input audio buffer: buffer too small. ${facts}`);
    }
    this.#addSpokenTurn(this.#turnItemId ?? makeWireId('item'), bytes);
    return null;
  }

  #clearAudio(): null {
    this.#audio.clear();
    this.#turnItemId = null;
    this.#emit({ type: 'input_audio_buffer.cleared' });
    return null;
  }

  #addSpokenTurn(id: string, audio: Buffer): void {
    this.#turnItemId = null;
    const previous = this.#conversation.lastId;
    this.#emit({ type: 'input_audio_buffer.committed', previous_item_id: previous, item_id: id });
    const audioMs = audio.length / bytesPerMs(config.inputFormat(this.#config));
    const wire: JsonObject = {
      id,
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_audio', transcript: null }],
    };
    const item: StoredItem = {
      id,
      wire,
      audio,
      audioMs,
      tokens: { text: 0, audio: countCallerTokens(audioMs) },
      said: this.#choice.hear(),
    };
    this.#conversation.append(item);
    this.#emitItem(item);
    const model = config.transcriptionModel(this.#config);
    if (model !== null) {
      void transcribeInput({ item, model, clock: this.#clock, random: this.#random, emit: (event) => this.#emit(event) });
    }
  }

  #emitItem(item: StoredItem): void {
    const fields: JsonObject = { previous_item_id: this.#conversation.previousId(item.id), item: item.wire };
    this.#emit({ type: 'conversation.item.added', ...fields });
    this.#emit({ type: 'conversation.item.done', ...fields });
  }

  #createItem(event: JsonObject): Refusal | null {
    const item = this.#conversation.create(event['item'], event['previous_item_id']);
    if (isRefusal(item)) return item;
    this.#emitItem(item);
    return null;
  }

  #retrieveItem(event: JsonObject): Refusal | null {
    const item = this.#conversation.find(event['item_id']);
    if (item === undefined) return notFound('retrieve', event['item_id']);
    this.#emit({ type: 'conversation.item.retrieved', item: withAudio(item) });
    return null;
  }

  #truncateItem(event: JsonObject): Refusal | null {
    const item = this.#conversation.find(event['item_id']);
    if (item === undefined) return notFound('truncate', event['item_id']);
    const audioEndMs = checkTruncation(item, event);
    if (typeof audioEndMs !== 'number') return audioEndMs;
    truncateItem(item, audioEndMs);
    this.#emit({ type: 'conversation.item.truncated', item_id: item.id, content_index: 0, audio_end_ms: audioEndMs });
    return null;
  }

  #deleteItem(event: JsonObject): Refusal | null {
    const item = this.#conversation.find(event['item_id']);
    if (item === undefined) return notFound('delete', event['item_id']);
    this.#conversation.remove(item.id);
    this.#emit({ type: 'conversation.item.deleted', item_id: item.id });
    return null;
  }

  #createResponse(body: Json | undefined): Refusal | null {
    if (this.#input.type === 'transcription')
      return refuse('invalid_event', 'A transcription session does not create responses.');
    const settings = config.responseSettings(this.#config, body, this.#input.dialect);
    if (isRefusal(settings)) return settings;
    const active = this.#inBandRun();
    const outOfBand = stringAt(body, 'conversation') === 'none';
    if (!outOfBand && active !== undefined) {
      const advice = 'Wait until the response is finished before creating a new one.';
      return refuse(
        'conversation_already_has_active_response',
        `Conversation already has an active response in progress: ${active.id}. ${advice}`,
      );
    }
    const read = this.#itemsToRead(isJsonObject(body) ? body['input'] : undefined);
    if (isRefusal(read)) return read;
    this.#startResponse(settings, outOfBand ? null : this.#conversation, objectAt(body, 'metadata') ?? null, read);
    return null;
  }

  /** The items a response reads: the conversation's, or those that `response.create` brings along. */
  #itemsToRead(input: Json | undefined): Conversation | Refusal {
    if (!Array.isArray(input)) return this.#conversation;
    const own = new Conversation();
    for (const [index, asked] of input.entries()) {
      const item = own.create(asked, undefined);
      if (isRefusal(item)) return { ...item, param: `response.input[${index}]` };
    }
    return own;
  }

  #startResponse(
    settings: config.SessionConfig,
    conversation: Conversation | null,
    metadata: Json,
    read: Conversation = this.#conversation,
  ): void {
    const setup = countTextTokens(String(settings['instructions'] ?? '') + JSON.stringify(settings['tools'] ?? []));
    const prompt = addTokens({ text: setup, audio: 0 }, read.tokens());
    this.#responses += 1;
    const run = new ResponseRun({
      conversation,
      conversationId: conversation === null ? null : this.#conversationId,
      settings,
      metadata,
      answers: this.#choice.answer(read.items, settings),
      script: this.#input.script,
      prompt,
      cached: cachedTokens(prompt, this.#lastPrompt),
      random: this.#random,
      voice: { pitchHz: 190, random: this.#random },
      emit: (event) => this.#emit(event),
      wait: (ms) => this.#clock.wait(ms),
      ended: (ended) => this.#onEnded(ended),
    });
    this.#running.add(run);
    void run.run();
    this.#emitRateLimits(prompt.text + prompt.audio);
  }

  #onEnded(run: ResponseRun): void {
    this.#running.delete(run);
    this.#lastPrompt = run.prompt;
    this.#assistantHasSpoken ||= run.hasSpoken;
  }

  #cancelResponse(id: Json | undefined): Refusal | null {
    const run = typeof id === 'string' ? [...this.#running].find((running) => running.id === id) : this.#inBandRun();
    if (run === undefined) return refuse('response_cancel_not_active', 'Cancellation failed: no active response found');
    run.cancel('client_cancelled');
    return null;
  }

  #inBandRun(): ResponseRun | undefined {
    return [...this.#running].find((run) => run.inBand);
  }

  #emitRateLimits(promptTokens: number): void {
    const spent = Math.min(TOKENS_PER_MINUTE, promptTokens * this.#responses);
    this.#emit({
      type: 'rate_limits.updated',
      rate_limits: [
        {
          name: 'requests',
          limit: REQUESTS_PER_MINUTE,
          remaining: REQUESTS_PER_MINUTE - this.#responses,
          reset_seconds: 0.06 * this.#responses,
        },
        {
          name: 'tokens',
          limit: TOKENS_PER_MINUTE,
          remaining: TOKENS_PER_MINUTE - spent,
          reset_seconds: (60 * spent) / TOKENS_PER_MINUTE,
        },
      ],
    });
  }
}

function notFound(act: 'retrieve' | 'truncate' | 'delete', id: Json | undefined): Refusal {
  if (id === undefined) return missingParameter('item_id');
  return refuse(`item_${act}_invalid_item_id`, `Item with item_id not found: ${String(id).slice(0, 200)}`, 'item_id');
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
