import { describe, expect, test } from 'vitest';
import { costOf, PRICES, PRICES_COMPILED, priceOf } from './prices.ts';
import { EMPTY_USAGE } from './usage.ts';

const MILLION = 1_000_000;

describe('a price', () => {
  test('is found by the exact name, else by the longest name that it starts with', () => {
    expect(priceOf('gpt-realtime-2.1')).toMatchObject({ exact: true });
    expect(priceOf('gpt-realtime-mini-2027-01-01')?.price.models[0]).toBe('gpt-realtime-mini');
    expect(priceOf('gpt-realtime-mini-2027-01-01')?.exact).toBe(false);
    expect(priceOf('gpt-realtimex')).toBeNull();
    expect(priceOf('my-deployment')).toBeNull();
  });

  test('has a date, a source and a figure, and each model only one', () => {
    const models = PRICES.flatMap((price) => price.models);
    expect(new Set(models).size).toBe(models.length);
    for (const price of PRICES) {
      expect(price.date).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(price.source.length).toBeGreaterThan(3);
      expect((price.perMinute === undefined) !== (price.perMillionTokens === undefined), price.models[0]).toBe(true);
    }
    expect(PRICES_COMPILED).toMatch(/^20\d\d-\d\d-\d\d$/);
  });
});

describe('a cost', () => {
  test('counts each kind at its own price, and cached input at the cached price', () => {
    const usage = {
      ...EMPTY_USAGE,
      inputTokens: 3 * MILLION,
      inputTextTokens: MILLION,
      inputAudioTokens: 2 * MILLION,
      cachedTokens: MILLION,
      cachedAudioTokens: MILLION,
      outputTokens: 2 * MILLION,
      outputTextTokens: MILLION,
      outputAudioTokens: MILLION,
    };
    // 1 text in at 4, 1 audio in at 32, 1 audio cached at 0.40, 1 text out at 24, 1 audio out at 64
    expect(costOf(usage, 'gpt-realtime-2.1')).toEqual({ usd: 4 + 32 + 0.4 + 24 + 64, estimated: false });
  });

  test('spreads cached tokens of unknown kind like the input, and says that it guessed', () => {
    const usage = {
      ...EMPTY_USAGE,
      inputTokens: 2 * MILLION,
      inputTextTokens: MILLION,
      inputAudioTokens: MILLION,
      cachedTokens: MILLION,
    };
    // half of each is cached: 0.5 at 4 + 0.5 at 0.40 + 0.5 at 32 + 0.5 at 0.40
    expect(costOf(usage, 'gpt-realtime')?.usd).toBeCloseTo(2 + 0.2 + 16 + 0.2, 9);
    expect(costOf(usage, 'gpt-realtime')?.estimated).toBe(true);
  });

  test('bills reasoning as text output', () => {
    const usage = { ...EMPTY_USAGE, outputTokens: MILLION, outputTextTokens: 400_000, reasoningTokens: 600_000 };
    expect(costOf(usage, 'gpt-realtime-2')?.usd).toBeCloseTo(24, 9);
  });

  test('is an estimate for a model known only by its beginning', () => {
    expect(costOf({ ...EMPTY_USAGE, outputTextTokens: MILLION, outputTokens: MILLION }, 'gpt-realtime-1.5-2027-02-01')).toEqual({
      usd: 16,
      estimated: true,
    });
  });

  test('goes by time where the vendor bills time', () => {
    expect(costOf({ ...EMPTY_USAGE, seconds: 90 }, 'gpt-live-1')?.usd).toBeCloseTo(0.075, 9);
    expect(costOf({ ...EMPTY_USAGE, seconds: 60 }, 'whisper-1')).toEqual({ usd: 0.006, estimated: false });
  });

  test('is not known without a model or for a model without price', () => {
    expect(costOf(EMPTY_USAGE, null)).toBeNull();
    expect(costOf(EMPTY_USAGE, 'llama-voice')).toBeNull();
  });

  test('is not known where time is billed and only tokens were reported', () => {
    expect(costOf({ ...EMPTY_USAGE, totalTokens: 12 }, 'grok-voice-latest')).toBeNull();
  });

  test('of transcription tokens is an estimate', () => {
    expect(costOf({ ...EMPTY_USAGE, transcriptionTokens: MILLION }, 'gpt-4o-transcribe')).toEqual({ usd: 6, estimated: true });
  });

  test('is zero for no usage', () => {
    expect(costOf(EMPTY_USAGE, 'gpt-realtime')).toEqual({ usd: 0, estimated: false });
  });
});
