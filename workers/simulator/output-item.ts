import type { JsonObject } from '#lib/base/json.ts';
import type { Conversation, StoredItem } from './conversation.ts';
import { countAssistantTokens, countTextTokens } from './token-count.ts';
import { makeWireId, randomBase62 } from './wire-ids.ts';

/** What an output item is made of. */
export type OutputModality = 'audio' | 'text' | 'arguments';

interface OutputItemInput {
  readonly responseId: string;
  readonly outputIndex: number;
  readonly conversation: Conversation | null;
  readonly modality: OutputModality;
  readonly call: { readonly name: string; readonly callId: string } | null;
  emit(event: JsonObject): void;
}

/** Text deltas are padded to a multiple of this, so that their length does not betray them. */
const PADDING = 16;

/**
 * One output item of a response and its events, in the order that the protocol promises:
 * output_item.added, item.added, part.added, deltas, the family's done events, part.done, output_item.done, item.done.
 */
export class OutputItem {
  readonly stored: StoredItem;
  readonly modality: OutputModality;
  readonly #input: OutputItemInput;
  #text = '';
  #closed = false;

  constructor(input: OutputItemInput) {
    this.#input = input;
    this.modality = input.modality;
    const id = makeWireId('item');
    const wire: JsonObject =
      input.call === null
        ? { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] }
        : { id, type: 'function_call', status: 'in_progress', name: input.call.name, call_id: input.call.callId, arguments: '' };
    this.stored = { id, wire, audio: Buffer.alloc(0), audioMs: 0, tokens: { text: 0, audio: 0 }, said: '' };
  }

  open(): void {
    this.#emitItem('response.output_item.added', 'conversation.item.added', this.#input.conversation?.lastId ?? null);
    this.#input.conversation?.append(this.stored);
    if (this.#input.call === null) this.#emit('response.content_part.added', { part: this.#part() });
  }

  /** A piece of text, of transcript or of arguments. */
  appendText(delta: string): void {
    this.#text += delta;
    this.#count();
    this.#emit(this.#textEvent('delta'), { delta, obfuscation: randomBase62(PADDING - (delta.length % PADDING)) });
  }

  appendAudio(bytes: Buffer, ms: number): void {
    this.stored.audio = Buffer.concat([this.stored.audio, bytes]);
    this.stored.audioMs += ms;
    this.#count();
    this.#emit('response.output_audio.delta', { delta: bytes.toString('base64') });
  }

  /** Sends the closing events with what there is; `incomplete` where the response was cut short. */
  close(status: 'completed' | 'incomplete'): void {
    if (this.#closed) return;
    this.#closed = true;
    const text = this.#text;
    if (this.modality === 'audio') this.#emit('response.output_audio.done', {});
    if (this.#input.call === null) {
      this.#emit(this.#textEvent('done'), this.modality === 'audio' ? { transcript: text } : { text });
      this.#emit('response.content_part.done', { part: this.#part() });
    } else {
      this.#emit(this.#textEvent('done'), { name: this.#input.call.name, arguments: text });
    }
    this.stored.wire = this.#finalWire(status);
    const previous = this.#input.conversation?.previousId(this.stored.id) ?? null;
    this.#emitItem('response.output_item.done', 'conversation.item.done', previous);
  }

  #finalWire(status: string): JsonObject {
    if (this.#input.call !== null) return { ...this.stored.wire, status, arguments: this.#text };
    const part =
      this.modality === 'audio' ? { type: 'output_audio', transcript: this.#text } : { type: 'output_text', text: this.#text };
    return { ...this.stored.wire, status, content: [part] };
  }

  #part(): JsonObject {
    return this.modality === 'audio' ? { type: 'audio', transcript: this.#text } : { type: 'text', text: this.#text };
  }

  #textEvent(end: 'delta' | 'done'): string {
    const family = { audio: 'output_audio_transcript', text: 'output_text', arguments: 'function_call_arguments' }[this.modality];
    return `response.${family}.${end}`;
  }

  #count(): void {
    this.stored.tokens = { text: countTextTokens(this.#text), audio: countAssistantTokens(this.stored.audioMs) };
  }

  #emit(type: string, fields: JsonObject): void {
    const { responseId, outputIndex, call } = this.#input;
    const place: JsonObject = { response_id: responseId, item_id: this.stored.id, output_index: outputIndex };
    this.#input.emit({ type, ...place, ...(call === null ? { content_index: 0 } : { call_id: call.callId }), ...fields });
  }

  #emitItem(responseEvent: string, conversationEvent: string, previous: string | null): void {
    const { responseId, outputIndex, conversation, emit } = this.#input;
    emit({ type: responseEvent, response_id: responseId, output_index: outputIndex, item: this.stored.wire });
    if (conversation !== null) emit({ type: conversationEvent, previous_item_id: previous, item: this.stored.wire });
  }
}
