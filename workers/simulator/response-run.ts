import type { Json, JsonObject } from '#lib/base/json.ts';
import { objectAt } from '#lib/base/json.ts';
import { bytesPerMs, encodeAudio } from './audio-format.ts';
import type { Conversation } from './conversation.ts';
import type { OutputItemInput } from './output-item.ts';
import { OutputItem } from './output-item.ts';
import type { Random } from './random.ts';
import type { Answer, ProviderScript } from './scenario.ts';
import type { SessionConfig } from './session-config.ts';
import { outputFormat } from './session-config.ts';
import type { Voice } from './speech.ts';
import { joinSamples, speakWord, splitWords } from './speech.ts';
import type { TokenCount } from './token-count.ts';
import { addTokens, NO_TOKENS, usageObject } from './token-count.ts';
import { makeCallId, makeWireId } from './wire-ids.ts';

/** Everything a response needs from its session. */
export interface ResponseInput {
  /** Where its items go; null for an out-of-band response. */
  readonly conversation: Conversation | null;
  readonly conversationId: string | null;
  readonly settings: SessionConfig;
  readonly metadata: Json;
  readonly answers: readonly Answer[];
  readonly script: ProviderScript;
  readonly prompt: TokenCount;
  readonly cached: TokenCount;
  readonly random: Random;
  readonly voice: Voice;
  emit(event: JsonObject): void;
  /** Resolves after `ms` of provider time. */
  wait(ms: number): Promise<void>;
  /** Called once, right after `response.done`. */
  ended(run: ResponseRun): void;
}

/** How a response ends before its answer does. */
export type CancelReason = 'turn_detected' | 'client_cancelled';

/** Audio is sent in pieces of this many milliseconds; the first is short, so that playback can begin. */
const FIRST_CHUNK_MS = 100;
const CHUNK_MS: readonly [number, number] = [150, 400];

/**
 * One response while it is produced. Modes: *running*, left by the end of the answer, by `cancel`, by the token limit or by a
 * scripted failure; and *over*, in which nothing is sent any more. Ending is synchronous, so that the events of an interruption
 * follow its `speech_started` at once; the producing loop looks at the mode after every wait.
 */
export class ResponseRun {
  readonly id = makeWireId('resp');
  readonly #input: ResponseInput;
  readonly #items: OutputItem[] = [];
  #over = false;

  constructor(input: ResponseInput) {
    this.#input = input;
  }

  /** Announces the response and begins to produce it. */
  async run(): Promise<void> {
    this.#input.emit({ type: 'response.created', response: this.#render('in_progress', null, null) });
    const [low, high] = this.#input.script.firstOutputMs;
    await this.#input.wait(this.#input.random.between(low, high));
    for (const answer of this.#input.answers) {
      if (this.#over) return;
      await this.#produce(answer);
    }
    this.#end('completed', null);
  }

  /** Ends it now, with whatever was produced so far. */
  cancel(reason: CancelReason): void {
    this.#end('cancelled', { type: 'cancelled', reason });
  }

  /** Whether its items enter the default conversation: only one such response may run at a time. */
  get inBand(): boolean {
    return this.#input.conversation !== null;
  }

  /** Tokens that the response read; the next one finds them in the cache. */
  get prompt(): TokenCount {
    return this.#input.prompt;
  }

  /** Whether any of its items has sound. */
  get hasSpoken(): boolean {
    return this.#items.some((item) => item.stored.audioMs > 0);
  }

  async #produce(answer: Answer): Promise<void> {
    if ('fail' in answer) {
      this.#end('failed', { type: 'failed', error: { ...answer.fail } });
      return;
    }
    const item = this.#openItem(answer);
    if (!('say' in answer)) await this.#sendArguments(item, JSON.stringify(answer.arguments));
    else if (item.modality === 'audio') await this.#sendSpeech(item, wordsSaid(answer));
    else await this.#sendText(item, wordsSaid(answer));
    // A stalled response never goes on by itself; only a cancellation ends it.
    if ('say' in answer && answer.stallsAfterWords !== undefined) await new Promise<never>(() => {});
    if ('callMcp' in answer) await this.#runMcp(item, answer);
    if (!this.#over) item.close('completed');
  }

  async #runMcp(item: OutputItem, { takesMs, output }: Extract<Answer, { callMcp: string }>): Promise<void> {
    if (this.#over) return;
    item.startMcp();
    if (await this.#goOn(takesMs)) item.endMcp(output);
  }

  #openItem(answer: Exclude<Answer, { fail: unknown }>): OutputItem {
    const { conversation, emit, settings } = this.#input;
    const asked = settings['output_modalities'];
    const speaks = Array.isArray(asked) && asked.includes('audio');
    const item = new OutputItem({
      responseId: this.id,
      outputIndex: this.#items.length,
      conversation,
      emit,
      ...('say' in answer ? { modality: speaks ? 'audio' : 'text', call: null } : callOf(answer)),
    });
    this.#items.push(item);
    item.open();
    return item;
  }

  async #sendArguments(item: OutputItem, text: string): Promise<void> {
    for (const piece of text.match(/.{1,5}/gsu) ?? []) {
      item.appendText(piece);
      if (!(await this.#goOn(this.#input.random.between(12, 35)))) return;
    }
  }

  async #sendText(item: OutputItem, text: string): Promise<void> {
    for (const word of splitWords(text)) {
      item.appendText(word);
      if (!(await this.#goOn(this.#input.random.between(15, 45)))) return;
    }
  }

  async #sendSpeech(item: OutputItem, text: string): Promise<void> {
    const { random, script, settings, voice } = this.#input;
    const format = outputFormat(settings);
    let waiting: Int16Array[] = [];
    let chunkMs = FIRST_CHUNK_MS;
    const send = async (): Promise<boolean> => {
      const bytes = encodeAudio(joinSamples(waiting), format);
      const ms = bytes.length / bytesPerMs(format);
      waiting = [];
      chunkMs = random.between(...CHUNK_MS);
      item.appendAudio(bytes, ms);
      return this.#goOn((ms / script.speechRate) * random.between(0.7, 1.3));
    };
    for (const word of splitWords(text)) {
      item.appendText(word);
      waiting.push(speakWord(word, voice));
      const waitingMs = waiting.reduce((sum, part) => sum + part.length / 24, 0);
      if (waitingMs >= chunkMs && !(await send())) return;
    }
    if (waiting.length > 0) await send();
  }

  /** Waits; false where the response has meanwhile ended, or ends now because its token limit is reached. */
  async #goOn(ms: number): Promise<boolean> {
    await this.#input.wait(ms);
    const limit = this.#input.settings['max_output_tokens'];
    const made = this.#made();
    if (typeof limit === 'number' && made.text + made.audio >= limit)
      this.#end('incomplete', { type: 'incomplete', reason: 'max_output_tokens' });
    return !this.#over;
  }

  #made(): TokenCount {
    return this.#items.reduce((sum, item) => addTokens(sum, item.stored.tokens), NO_TOKENS);
  }

  #end(status: string, details: JsonObject | null): void {
    if (this.#over) return;
    this.#over = true;
    this.#items.at(-1)?.close(status === 'completed' ? 'completed' : 'incomplete');
    // A response that ends before its first output costs nothing, which is how the provider reports it.
    const unused = this.#items.length === 0 && status !== 'completed';
    const usage = unused
      ? usageObject(NO_TOKENS, NO_TOKENS, NO_TOKENS)
      : usageObject(this.#input.prompt, this.#input.cached, this.#made());
    this.#input.emit({ type: 'response.done', response: this.#render(status, details, usage) });
    this.#input.ended(this);
  }

  #render(status: string, details: JsonObject | null, usage: JsonObject | null): JsonObject {
    const { settings, conversationId, metadata } = this.#input;
    const output = objectAt(settings['audio'], 'output') ?? {};
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details: details,
      output: status === 'in_progress' ? [] : this.#items.map((item) => item.stored.wire),
      conversation_id: conversationId,
      output_modalities: settings['output_modalities'] ?? ['audio'],
      max_output_tokens: settings['max_output_tokens'] ?? 'inf',
      audio: { output: { format: output['format'] ?? null, voice: output['voice'] ?? null } },
      usage,
      metadata,
    };
  }
}

function wordsSaid({ say, stallsAfterWords }: Extract<Answer, { say: string }>): string {
  return splitWords(say).slice(0, stallsAfterWords).join('');
}

function callOf(answer: Extract<Answer, { arguments: unknown }>): Pick<OutputItemInput, 'modality' | 'call'> {
  if ('call' in answer) return { modality: 'arguments', call: { name: answer.call, callId: makeCallId(), server: null } };
  return { modality: 'mcp-arguments', call: { name: answer.callMcp, callId: null, server: answer.server } };
}
