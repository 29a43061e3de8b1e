import priceFile from './data/prices.json' with { type: 'json' };
import type { UsageTotals } from './usage.ts';

/** US dollars per million tokens; null where the vendor does not sell it or bills it otherwise. */
export interface TokenPrices {
  readonly textIn: number | null;
  readonly textCached: number | null;
  readonly textOut: number | null;
  readonly audioIn: number | null;
  readonly audioCached: number | null;
  readonly audioOut: number | null;
  readonly imageIn: number | null;
  readonly imageCached: number | null;
}

/** One row of the price table, with the day and the place it was taken from. */
export interface Price {
  readonly models: readonly string[];
  readonly perMillionTokens?: TokenPrices;
  readonly perMinute?: number;
  readonly source: string;
  readonly date: string;
}

/** A cost in US dollars. `estimated`: by another model's price, or with a split that the provider did not report. */
export interface Cost {
  readonly usd: number;
  readonly estimated: boolean;
}

/** Every known price. */
export const PRICES: readonly Price[] = priceFile.prices;

/** The day the table was put together. */
export const PRICES_COMPILED: string = priceFile.compiled;

/** The price of a model: by its exact name, else by the longest known name that it starts with (then not exact). */
export function priceOf(model: string): { price: Price; exact: boolean } | null {
  let best: { price: Price; length: number } | null = null;
  for (const price of PRICES) {
    for (const name of price.models) {
      if (name === model) return { price, exact: true };
      if (model.startsWith(`${name}-`) && name.length > (best?.length ?? 0)) best = { price, length: name.length };
    }
  }
  return best === null ? null : { price: best.price, exact: false };
}

/**
 * What a usage costs at list price; null where the model's price is not known. Transcription is charged at the price of the
 * transcription's own model, so ask for it apart; its tokens are priced as audio input, since only their sum is kept, which
 * makes the cost an estimate on the low side.
 */
export function costOf(usage: UsageTotals, model: string | null): Cost | null {
  const found = model === null ? null : priceOf(model);
  if (found === null) return null;
  // Billed by time, but only tokens were reported: a price of 0 would be a lie.
  if (found.price.perMinute !== undefined && usage.seconds === 0 && usage.totalTokens > 0) return null;
  const cost =
    found.price.perMillionTokens === undefined ? byTime(usage, found.price) : byTokens(usage, found.price.perMillionTokens);
  return { usd: cost.usd, estimated: cost.estimated || !found.exact };
}

function byTime(usage: UsageTotals, price: Price): Cost {
  return { usd: (usage.seconds / 60) * (price.perMinute ?? 0), estimated: false };
}

function byTokens(usage: UsageTotals, prices: TokenPrices): Cost {
  const split = splitOf(usage);
  const millionths =
    kind(split.inputText, split.cachedText, prices.textIn, prices.textCached) +
    kind(usage.inputAudioTokens, split.cachedAudio, prices.audioIn, prices.audioCached) +
    kind(usage.inputImageTokens, split.cachedImage, prices.imageIn, prices.imageCached) +
    split.outputText * (prices.textOut ?? 0) +
    usage.outputAudioTokens * (prices.audioOut ?? 0) +
    usage.transcriptionTokens * (prices.audioIn ?? prices.textIn ?? 0);
  return { usd: millionths / 1_000_000, estimated: split.guessed || usage.transcriptionTokens > 0 || usage.seconds > 0 };
}

/** Input of one kind: what was cached at the cached price (the full one if none is sold), the rest at the full price. */
function kind(tokens: number, cached: number, full: number | null, reduced: number | null): number {
  const fromCache = Math.min(cached, tokens);
  return (tokens - fromCache) * (full ?? 0) + fromCache * (reduced ?? full ?? 0);
}

/** Fills in what a provider left out: tokens without a kind count as text, cached ones are spread like the input. */
function splitOf(usage: UsageTotals) {
  const inputRest = Math.max(0, usage.inputTokens - usage.inputTextTokens - usage.inputAudioTokens - usage.inputImageTokens);
  // Reasoning is billed as text output and is not part of the text tokens that are reported.
  const outputRest = Math.max(0, usage.outputTokens - usage.outputTextTokens - usage.outputAudioTokens);
  const inputText = usage.inputTextTokens + inputRest;
  const cachedKnown = usage.cachedTextTokens + usage.cachedAudioTokens + usage.cachedImageTokens;
  const cachedRest = Math.max(0, usage.cachedTokens - cachedKnown);
  const input = Math.max(1, inputText + usage.inputAudioTokens + usage.inputImageTokens);
  const inputKinds = [inputText, usage.inputAudioTokens, usage.inputImageTokens].filter((tokens) => tokens > 0).length;
  return {
    inputText,
    outputText: usage.outputTextTokens + outputRest,
    cachedText: usage.cachedTextTokens + (cachedRest * inputText) / input,
    cachedAudio: usage.cachedAudioTokens + (cachedRest * usage.inputAudioTokens) / input,
    cachedImage: usage.cachedImageTokens + (cachedRest * usage.inputImageTokens) / input,
    guessed: (inputRest > 0 && usage.inputTokens !== inputRest) || (cachedRest > 0 && inputKinds > 1),
  };
}
