import type { UsageTotals } from '#lib/protocol/usage.ts';

/** Input tokens outside the cache whose kind (text, audio, image) the provider did not tell: Responses never does. */
export function untoldInput(usage: UsageTotals): number {
  const cachedUntold = usage.cachedTokens - usage.cachedTextTokens - usage.cachedAudioTokens - usage.cachedImageTokens;
  const told = usage.inputTextTokens + usage.inputAudioTokens + usage.inputImageTokens;
  return Math.max(0, usage.inputTokens - told - Math.max(0, cachedUntold));
}

/** Output tokens whose kind (text, audio) the provider did not tell. */
export function untoldOutput(usage: UsageTotals): number {
  return Math.max(0, usage.outputTokens - usage.outputTextTokens - usage.outputAudioTokens);
}
