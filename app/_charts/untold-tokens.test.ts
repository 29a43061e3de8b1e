import { expect, test } from 'vitest';
import { EMPTY_USAGE } from '#lib/protocol/usage.ts';
import { untoldFreshInput, untoldInput, untoldOutput } from './untold-tokens.ts';

test('tokens of told kinds leave nothing over', () => {
  const usage = {
    ...EMPTY_USAGE,
    inputTokens: 100,
    inputTextTokens: 60,
    inputAudioTokens: 40,
    cachedTokens: 32,
    cachedTextTokens: 32,
  };
  expect([untoldInput(usage), untoldFreshInput(usage)]).toEqual([0, 0]);
  expect(untoldOutput({ ...usage, outputTokens: 9, outputTextTokens: 2, outputAudioTokens: 7 })).toBe(0);
});

test('tokens without a kind are kept apart, with those from the cache or without', () => {
  const usage = { ...EMPTY_USAGE, inputTokens: 100, cachedTokens: 30, outputTokens: 9 };
  expect(untoldInput(usage)).toBe(100);
  expect(untoldFreshInput(usage)).toBe(70);
  expect(untoldOutput(usage)).toBe(9);
});

test('a provider that tells more than it sums leaves nothing over', () => {
  expect(untoldInput({ ...EMPTY_USAGE, inputTokens: 10, inputTextTokens: 12 })).toBe(0);
  expect(untoldOutput({ ...EMPTY_USAGE, outputTokens: 1, outputAudioTokens: 2 })).toBe(0);
});
