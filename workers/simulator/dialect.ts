import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';

/**
 * How the provider's events look in each dialect. Inside the simulator everything is GA; this file alone knows the
 * beta names (protocol catalogue: the GA ↔ beta rename map) and what Azure's preview is known to leave out.
 */
export const DIALECTS = ['ga', 'beta', 'azure-preview', 'azure-ga'] as const;
export type SimulatorDialect = (typeof DIALECTS)[number];

/** Whether a dialect has the flat session and the old event names. */
export function isBetaShaped(dialect: SimulatorDialect): boolean {
  return dialect === 'beta' || dialect === 'azure-preview';
}

const BETA_EVENT_NAMES: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'response.text.delta',
  'response.output_text.done': 'response.text.done',
  'response.output_audio.delta': 'response.audio.delta',
  'response.output_audio.done': 'response.audio.done',
  'response.output_audio_transcript.delta': 'response.audio_transcript.delta',
  'response.output_audio_transcript.done': 'response.audio_transcript.done',
  'conversation.item.added': 'conversation.item.created',
};

const BETA_PART_NAMES: Readonly<Record<string, string>> = { output_text: 'text', output_audio: 'audio' };

/** Event types that a dialect does not have, or that its provider was seen never to send. */
const LEFT_OUT: Readonly<Record<SimulatorDialect, ReadonlySet<string>>> = {
  ga: new Set(['conversation.created']),
  'azure-ga': new Set(['conversation.created']),
  beta: new Set(['conversation.item.done']),
  'azure-preview': new Set([
    'conversation.item.done',
    'response.function_call_arguments.delta',
    'conversation.item.input_audio_transcription.delta',
  ]),
};

/** The name of a GA event type in a dialect. */
export function eventName(gaType: string, dialect: SimulatorDialect): string {
  return (isBetaShaped(dialect) && BETA_EVENT_NAMES[gaType]) || gaType;
}

/** A GA event as this dialect sends it, or null where it has no such event. */
export function toWire(event: JsonObject, dialect: SimulatorDialect): JsonObject | null {
  const type = event['type'] as string;
  if (LEFT_OUT[dialect].has(type)) return null;
  if (!isBetaShaped(dialect)) return event;
  const { obfuscation: _padding, ...wire } = event;
  wire['type'] = eventName(type, dialect);
  if (type === 'response.function_call_arguments.done') delete wire['name'];
  if (type.endsWith('input_audio_transcription.completed') && dialect === 'azure-preview') delete wire['usage'];
  if (isJsonObject(wire['item'])) wire['item'] = toBetaItem(wire['item']);
  if (isJsonObject(wire['response'])) wire['response'] = toBetaResponse(wire['response']);
  return wire;
}

/** An item of either direction in the beta shape: `text` and `audio` parts, and the `object` marker. */
export function toBetaItem(item: JsonObject): JsonObject {
  const { id, ...rest } = item;
  const beta: JsonObject = id === undefined ? { ...rest } : { id, object: 'realtime.item', ...rest };
  if (Array.isArray(item['content'])) beta['content'] = item['content'].map(toBetaPart);
  return beta;
}

function toBetaPart(part: Json): Json {
  if (!isJsonObject(part) || typeof part['type'] !== 'string') return part;
  return { ...part, type: BETA_PART_NAMES[part['type']] ?? part['type'] };
}

function toBetaResponse(response: JsonObject): JsonObject {
  const { output_modalities, audio, output, ...rest } = response;
  const heard = isJsonObject(audio) && isJsonObject(audio['output']) ? audio['output'] : {};
  return {
    ...rest,
    output: Array.isArray(output) ? output.map((item) => (isJsonObject(item) ? toBetaItem(item) : item)) : [],
    modalities: toBetaModalities(output_modalities ?? ['audio']),
    voice: heard['voice'] ?? null,
    output_audio_format: toBetaFormat(heard['format'] ?? null),
    temperature: 0.8,
  };
}

/** `["audio"]` of GA is `["audio","text"]` of beta; text alone is the same. */
export function toBetaModalities(modalities: Json): Json {
  return Array.isArray(modalities) && modalities.includes('audio') ? ['audio', 'text'] : modalities;
}

/** `{type:"audio/pcmu"}` of GA is `"g711_ulaw"` of beta, and so on. */
export function toBetaFormat(format: Json): Json {
  const type = isJsonObject(format) ? format['type'] : null;
  if (type === 'audio/pcmu') return 'g711_ulaw';
  return type === 'audio/pcma' ? 'g711_alaw' : 'pcm16';
}

/** The GA object for a beta format name. */
export function toGaFormat(format: Json): JsonObject {
  if (format === 'g711_ulaw') return { type: 'audio/pcmu' };
  return format === 'g711_alaw' ? { type: 'audio/pcma' } : { type: 'audio/pcm', rate: 24_000 };
}
