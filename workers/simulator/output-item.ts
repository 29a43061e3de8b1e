import type { JsonObject } from '#lib/base/json.ts';
import type { Conversation, StoredItem } from './conversation.ts';
import { countAssistantTokens, countTextTokens } from './token-count.ts';
import { makeWireId, randomBase62 } from './wire-ids.ts';

/** What an output item is made of. */
export type OutputModality = 'audio' | 'text' | 'arguments' | 'mcp-arguments';

/** What an output item is told when it begins. */
export interface OutputItemInput {
  readonly responseId: string;
  readonly outputIndex: number;
  readonly conversation: Conversation | null;
  readonly modality: OutputModality;
  readonly call: OutputCall | null;
  emit(event: JsonObject): void;
}

/** A function call has an id, a call to an MCP server has the server's label. */
export interface OutputCall {
  readonly name: string;
  readonly callId: string | null;
  readonly server: string | null;
}

const FAMILIES: Readonly<Record<OutputModality, string>> = {
  audio: 'output_audio_transcript',
  text: 'output_text',
  arguments: 'function_call_arguments',
  'mcp-arguments': 'mcp_call_arguments',
};

/** Text deltas are padded to a multiple of this, so that their length does not betray them. */
const PADDING = 16;

/**
 * One output item of a response and its events, in the order that the protocol promises:
 * output_item.added, item.added, part.added, deltas, the family's done events, part.done, output_item.done, item.done. A call to an
 * MCP server runs between the end of its arguments and the end of its item.
 */
export class OutputItem {
  readonly stored: StoredItem;
  readonly modality: OutputModality;
  readonly #input: OutputItemInput;
  #text = '';
  #textEnded = false;
  #closed = false;

  constructor(input: OutputItemInput) {
    this.#input = input;
    this.modality = input.modality;
    const id = makeWireId('item');
    this.stored = {
      id,
      wire: newItem(id, input.call),
      audio: Buffer.alloc(0),
      audioMs: 0,
      tokens: { text: 0, audio: 0 },
      said: '',
    };
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
    this.#endText();
    this.stored.wire = this.#finalWire(status);
    const previous = this.#input.conversation?.previousId(this.stored.id) ?? null;
    this.#emitItem('response.output_item.done', 'conversation.item.done', previous);
  }

  /** The arguments are whole: the MCP server is asked. */
  startMcp(): void {
    this.#endText();
    this.#emitMcp('in_progress');
  }

  /** The MCP server has answered. */
  endMcp(output: string): void {
    this.stored.wire = { ...this.stored.wire, output };
    this.#emitMcp('completed');
  }

  #emitMcp(state: string): void {
    this.#input.emit({ type: `response.mcp_call.${state}`, output_index: this.#input.outputIndex, item_id: this.stored.id });
  }

  #endText(): void {
    if (this.#textEnded) return;
    this.#textEnded = true;
    const { call } = this.#input;
    if (this.modality === 'audio') this.#emit('response.output_audio.done', {});
    if (call === null) {
      this.#emit(this.#textEvent('done'), this.modality === 'audio' ? { transcript: this.#text } : { text: this.#text });
      this.#emit('response.content_part.done', { part: this.#part() });
    } else {
      this.#emit(this.#textEvent('done'), { ...(call.server === null ? { name: call.name } : {}), arguments: this.#text });
    }
  }

  #finalWire(status: string): JsonObject {
    if (this.modality === 'mcp-arguments') return { ...this.stored.wire, arguments: this.#text };
    if (this.#input.call !== null) return { ...this.stored.wire, status, arguments: this.#text };
    const part =
      this.modality === 'audio' ? { type: 'output_audio', transcript: this.#text } : { type: 'output_text', text: this.#text };
    return { ...this.stored.wire, status, content: [part] };
  }

  #part(): JsonObject {
    return this.modality === 'audio' ? { type: 'audio', transcript: this.#text } : { type: 'text', text: this.#text };
  }

  #textEvent(end: 'delta' | 'done'): string {
    return `response.${FAMILIES[this.modality]}.${end}`;
  }

  #count(): void {
    this.stored.tokens = { text: countTextTokens(this.#text), audio: countAssistantTokens(this.stored.audioMs) };
  }

  #emit(type: string, fields: JsonObject): void {
    const { responseId, outputIndex, call } = this.#input;
    const place: JsonObject = { response_id: responseId, item_id: this.stored.id, output_index: outputIndex };
    const within = call === null ? { content_index: 0 } : call.callId === null ? {} : { call_id: call.callId };
    this.#input.emit({ type, ...place, ...within, ...fields });
  }

  #emitItem(responseEvent: string, conversationEvent: string, previous: string | null): void {
    const { responseId, outputIndex, conversation, emit } = this.#input;
    emit({ type: responseEvent, response_id: responseId, output_index: outputIndex, item: this.stored.wire });
    if (conversation !== null) emit({ type: conversationEvent, previous_item_id: previous, item: this.stored.wire });
  }
}

function newItem(id: string, call: OutputCall | null): JsonObject {
  if (call === null) return { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
  const { name, callId, server } = call;
  if (server === null) return { id, type: 'function_call', status: 'in_progress', name, call_id: callId, arguments: '' };
  return {
    id,
    type: 'mcp_call',
    server_label: server,
    name,
    arguments: '',
    approval_request_id: null,
    output: null,
    error: null,
  };
}
