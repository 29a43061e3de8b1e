import type { UsageTotals } from '#lib/protocol/usage.ts';

/** Input tokens whose kind (text, audio, image) the provider did not tell: Responses never does. Of one response or of many. */
export function untoldInput(usage: UsageTotals): number {
  return Math.max(0, usage.inputTokens - usage.inputTextTokens - usage.inputAudioTokens - usage.inputImageTokens);
}

/** The same without those from the cache. */
export function untoldFreshInput(usage: UsageTotals): number {
  const cachedUntold = usage.cachedTokens - usage.cachedTextTokens - usage.cachedAudioTokens - usage.cachedImageTokens;
  return Math.max(0, untoldInput(usage) - Math.max(0, cachedUntold));
}

/** Output tokens whose kind (text, audio) the provider did not tell. */
export function untoldOutput(usage: UsageTotals): number {
  return Math.max(0, usage.outputTokens - usage.outputTextTokens - usage.outputAudioTokens);
}
