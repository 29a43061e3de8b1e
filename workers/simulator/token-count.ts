import type { JsonObject } from '#lib/base/json.ts';

/** Tokens by modality. */
export interface TokenCount {
  readonly text: number;
  readonly audio: number;
}

export const NO_TOKENS: TokenCount = { text: 0, audio: 0 };

/** The provider caches a prompt's unchanged beginning in steps of this many tokens. */
const CACHE_STEP = 64;

/** About four characters a token. */
export function countTextTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** The provider's audio clock: one token for 100 ms of a caller. */
export function countCallerTokens(ms: number): number {
  return Math.ceil(ms / 100);
}

/** One token for 50 ms of the assistant. */
export function countAssistantTokens(ms: number): number {
  return Math.ceil(ms / 50);
}

export function addTokens(a: TokenCount, b: TokenCount): TokenCount {
  return { text: a.text + b.text, audio: a.audio + b.audio };
}

/** How much of a prompt comes from the cache when `before` was the prompt of the response before it. */
export function cachedTokens(now: TokenCount, before: TokenCount): TokenCount {
  const steps = (tokens: number) => Math.floor(tokens / CACHE_STEP) * CACHE_STEP;
  return { text: steps(Math.min(now.text, before.text)), audio: steps(Math.min(now.audio, before.audio)) };
}

/** The `usage` object of `response.done`; every sum in it holds by construction. */
export function usageObject(input: TokenCount, cached: TokenCount, output: TokenCount): JsonObject {
  const inputTokens = input.text + input.audio;
  const outputTokens = output.text + output.audio;
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: input.text,
      audio_tokens: input.audio,
      image_tokens: 0,
      cached_tokens: cached.text + cached.audio,
      cached_tokens_details: { text_tokens: cached.text, audio_tokens: cached.audio, image_tokens: 0 },
    },
    output_token_details: { text_tokens: output.text, audio_tokens: output.audio },
  };
}
