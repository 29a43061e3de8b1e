import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject, numberAt } from '#lib/base/json.ts';
import { findEntry } from './catalogue.ts';
import type { Dialect } from './dialect.ts';
import { readPath } from './path.ts';

/** Tokens and seconds of one response, or summed over many, as the provider reported them; absent figures are 0. */
export interface UsageTotals {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly inputTextTokens: number;
  readonly inputAudioTokens: number;
  readonly inputImageTokens: number;
  readonly cachedTokens: number;
  readonly cachedTextTokens: number;
  readonly cachedAudioTokens: number;
  readonly cachedImageTokens: number;
  readonly outputTextTokens: number;
  readonly outputAudioTokens: number;
  readonly reasoningTokens: number;
  /** Seconds billed by time (Live, transcription by duration). */
  readonly seconds: number;
  /** Tokens billed for input transcription, on top of the responses. */
  readonly transcriptionTokens: number;
}

/** No usage: the start of a sum. */
export const EMPTY_USAGE: UsageTotals = {
  inputTokens: 0,
  outputTokens: 0,
  totalTokens: 0,
  inputTextTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  cachedTokens: 0,
  cachedTextTokens: 0,
  cachedAudioTokens: 0,
  cachedImageTokens: 0,
  outputTextTokens: 0,
  outputAudioTokens: 0,
  reasoningTokens: 0,
  seconds: 0,
  transcriptionTokens: 0,
};

/** Sums two usages figure by figure. Not for what is reported as a running total, as the seconds of the Live API. */
export function addUsage(a: UsageTotals, b: UsageTotals): UsageTotals {
  const sum: Record<string, number> = {};
  for (const key of Object.keys(EMPTY_USAGE) as (keyof UsageTotals)[]) sum[key] = a[key] + b[key];
  return sum as unknown as UsageTotals;
}

/**
 * The usage that an event carries, in whichever shape its provider has; null where it carries none (an empty object
 * counts as none). Figures that are not finite numbers from 0 up count as absent.
 */
export function readUsage(body: JsonObject, dialect: Dialect): UsageTotals | null {
  const type = typeOf(body);
  const usage = findUsage(body, dialect, type);
  if (usage === undefined) return null;
  if (type.startsWith('conversation.item.input_audio_transcription.')) return readTranscription(usage);
  return readAny(usage);
}

/** Whether an event tells how many tokens were used: what is billed by time has no figure of them. */
export function tellsTokens(body: JsonObject, dialect: Dialect): boolean {
  const usage = findUsage(body, dialect, typeOf(body)) ?? {};
  return Object.keys(usage).some((name) => /token/i.test(name) && numberAt(usage, name) !== undefined);
}

function typeOf(body: JsonObject): string {
  return typeof body['type'] === 'string' ? body['type'].trim() : '';
}

/** xAI puts the figures beside an empty `response.usage`, so every place is looked at until one has content. */
function findUsage(body: JsonObject, dialect: Dialect, type: string): JsonObject | undefined {
  const paths = (type === '' ? null : findEntry(dialect, type))?.usage ?? [];
  for (const path of [...paths, ...USUAL_PLACES]) {
    const value = readPath(body, path);
    if (isJsonObject(value) && Object.keys(value).length > 0) return value;
  }
  return undefined;
}

const USUAL_PLACES = [['response', 'usage'], ['usage'], ['usageMetadata'], ['event', 'usageEvent']];

function readTranscription(usage: JsonObject): UsageTotals {
  const transcriptionTokens = count(usage, 'total_tokens') || count(usage, 'input_tokens') + count(usage, 'output_tokens');
  return { ...EMPTY_USAGE, transcriptionTokens, seconds: count(usage, 'seconds') };
}

function readAny(usage: JsonObject): UsageTotals {
  if (usage['totalInputTokens'] !== undefined) return readNova(usage);
  if (usage['promptTokenCount'] !== undefined || usage['totalTokenCount'] !== undefined) return readGemini(usage);
  return readOpenAi(usage);
}

/** OpenAI's shapes: singular (`input_token_details`) on Realtime, plural on Responses, camel case in the Agents SDK. */
function readOpenAi(usage: JsonObject): UsageTotals {
  const input = detailsOf(usage, ['input_token_details', 'input_tokens_details', 'inputTokensDetails']);
  const output = detailsOf(usage, ['output_token_details', 'output_tokens_details', 'outputTokensDetails']);
  const cached = detailsOf(input, ['cached_tokens_details', 'cachedTokensDetails']);
  const inputTokens = either(usage, ['input_tokens', 'inputTokens', 'prompt_tokens']);
  const outputTokens = either(usage, ['output_tokens', 'outputTokens', 'completion_tokens']);
  return {
    inputTokens,
    outputTokens,
    totalTokens: either(usage, ['total_tokens', 'totalTokens']) || inputTokens + outputTokens,
    inputTextTokens: either(input, ['text_tokens', 'textTokens']),
    inputAudioTokens: either(input, ['audio_tokens', 'audioTokens']),
    inputImageTokens: either(input, ['image_tokens', 'imageTokens']),
    cachedTokens: either(input, ['cached_tokens', 'cachedTokens']),
    cachedTextTokens: either(cached, ['text_tokens', 'textTokens']),
    cachedAudioTokens: either(cached, ['audio_tokens', 'audioTokens']),
    cachedImageTokens: either(cached, ['image_tokens', 'imageTokens']),
    outputTextTokens: either(output, ['text_tokens', 'textTokens']),
    outputAudioTokens: either(output, ['audio_tokens', 'audioTokens']),
    reasoningTokens: either(output, ['reasoning_tokens', 'reasoningTokens']),
    seconds: either(usage, ['seconds', 'billable_audio_seconds']),
    transcriptionTokens: 0,
  };
}

function readNova(usage: JsonObject): UsageTotals {
  const total = objectOr(objectOr(usage['details'])['total']);
  const input = objectOr(total['input']);
  const output = objectOr(total['output']);
  return {
    ...EMPTY_USAGE,
    inputTokens: count(usage, 'totalInputTokens'),
    outputTokens: count(usage, 'totalOutputTokens'),
    totalTokens: count(usage, 'totalTokens'),
    inputTextTokens: count(input, 'textTokens'),
    inputAudioTokens: count(input, 'speechTokens'),
    outputTextTokens: count(output, 'textTokens'),
    outputAudioTokens: count(output, 'speechTokens'),
  };
}

function readGemini(usage: JsonObject): UsageTotals {
  const prompt = usage['promptTokensDetails'];
  const response = usage['responseTokensDetails'];
  return {
    ...EMPTY_USAGE,
    inputTokens: count(usage, 'promptTokenCount'),
    outputTokens: count(usage, 'responseTokenCount'),
    totalTokens: count(usage, 'totalTokenCount'),
    cachedTokens: count(usage, 'cachedContentTokenCount'),
    reasoningTokens: count(usage, 'thoughtsTokenCount'),
    inputTextTokens: ofModality(prompt, 'TEXT'),
    inputAudioTokens: ofModality(prompt, 'AUDIO'),
    inputImageTokens: ofModality(prompt, 'IMAGE'),
    outputTextTokens: ofModality(response, 'TEXT'),
    outputAudioTokens: ofModality(response, 'AUDIO'),
  };
}

function ofModality(details: Json | undefined, modality: string): number {
  if (!Array.isArray(details)) return 0;
  const one = details.find((detail) => isJsonObject(detail) && detail['modality'] === modality);
  return isJsonObject(one) ? count(one, 'tokenCount') : 0;
}

function detailsOf(holder: JsonObject, names: readonly string[]): JsonObject {
  const name = names.find((key) => holder[key] !== undefined && holder[key] !== null);
  const details = name === undefined ? undefined : holder[name];
  // The Agents SDK wraps its details in a list.
  return objectOr(Array.isArray(details) ? details[0] : details);
}

function either(holder: JsonObject, names: readonly string[]): number {
  const name = names.find((key) => numberAt(holder, key) !== undefined);
  return name === undefined ? 0 : count(holder, name);
}

function count(holder: JsonObject, name: string): number {
  const value = numberAt(holder, name);
  return value === undefined || value < 0 || value > Number.MAX_SAFE_INTEGER ? 0 : value;
}

function objectOr(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
