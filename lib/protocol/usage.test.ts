import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/base/json.ts';
import { addUsage, EMPTY_USAGE, readUsage } from './usage.ts';

const GA = {
  total_tokens: 253,
  input_tokens: 132,
  output_tokens: 121,
  input_token_details: {
    text_tokens: 119,
    audio_tokens: 13,
    image_tokens: 0,
    cached_tokens: 64,
    cached_tokens_details: { text_tokens: 60, audio_tokens: 4 },
  },
  output_token_details: { text_tokens: 30, audio_tokens: 91 },
};

function done(usage: unknown, beside: JsonObject = {}): JsonObject {
  return { type: 'response.done', response: { id: 'r', usage } as JsonObject, ...beside };
}

describe('usage is read in the shape of', () => {
  test('Realtime', () => {
    expect(readUsage(done(GA), 'realtime-ga')).toEqual({
      ...EMPTY_USAGE,
      inputTokens: 132,
      outputTokens: 121,
      totalTokens: 253,
      inputTextTokens: 119,
      inputAudioTokens: 13,
      cachedTokens: 64,
      cachedTextTokens: 60,
      cachedAudioTokens: 4,
      outputTextTokens: 30,
      outputAudioTokens: 91,
    });
  });

  test('a response cancelled early: all zero, and still a usage', () => {
    expect(readUsage(done({ total_tokens: 0, input_tokens: 0, output_tokens: 0 }), 'realtime-beta')).toEqual(EMPTY_USAGE);
  });

  test('xAI: at the top, beside an empty one', () => {
    const usage = readUsage(done({}, { usage: { ...GA, billable_audio_seconds: 2.5 } }), 'realtime-ga');
    expect([usage?.totalTokens, usage?.seconds]).toEqual([253, 2.5]);
  });

  test('Responses, in the plural', () => {
    const response = {
      usage: {
        input_tokens: 36,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens: 87,
        output_tokens_details: { reasoning_tokens: 12 },
        total_tokens: 123,
      },
    };
    const usage = readUsage({ type: 'response.completed', sequence_number: 9, response }, 'responses');
    expect(usage).toEqual({
      ...EMPTY_USAGE,
      inputTokens: 36,
      cachedTokens: 4,
      outputTokens: 87,
      reasoningTokens: 12,
      totalTokens: 123,
    });
  });

  test('input transcription by tokens and by time', () => {
    const type = 'conversation.item.input_audio_transcription.completed';
    const tokens = { type: 'tokens', total_tokens: 22, input_tokens: 13, output_tokens: 9 };
    expect(readUsage({ type, usage: tokens }, 'realtime-ga')).toEqual({ ...EMPTY_USAGE, transcriptionTokens: 22 });
    expect(readUsage({ type, usage: { type: 'duration', seconds: 3.2 } }, 'realtime-ga')).toEqual({
      ...EMPTY_USAGE,
      seconds: 3.2,
    });
  });

  test('Live, running', () => {
    expect(readUsage({ type: 'session.usage.updated', usage: { seconds: 61 } }, 'live')).toEqual({ ...EMPTY_USAGE, seconds: 61 });
  });

  test('vLLM', () => {
    const usage = readUsage(
      { type: 'transcription.done', text: '', usage: { prompt_tokens: 50, completion_tokens: 4, total_tokens: 54 } },
      'vllm',
    );
    expect([usage?.inputTokens, usage?.outputTokens, usage?.totalTokens]).toEqual([50, 4, 54]);
  });

  test('the Agents SDK, in camel case and with details in a list', () => {
    const usage = readUsage(
      {
        type: 'usage_update',
        usage: { inputTokens: 5, outputTokens: 7, inputTokensDetails: [{ audioTokens: 3, textTokens: 2 }] },
      },
      'unknown',
    );
    expect([usage?.inputTokens, usage?.totalTokens, usage?.inputAudioTokens, usage?.inputTextTokens]).toEqual([5, 12, 3, 2]);
  });

  test('Gemini Live and Nova Sonic', () => {
    const gemini = {
      usageMetadata: {
        promptTokenCount: 10,
        responseTokenCount: 20,
        totalTokenCount: 30,
        responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 20 }],
      },
    };
    expect(readUsage(gemini, 'gemini-live')).toMatchObject({ inputTokens: 10, outputTokens: 20, outputAudioTokens: 20 });
    const nova = {
      event: {
        usageEvent: {
          totalInputTokens: 10,
          totalOutputTokens: 20,
          totalTokens: 30,
          details: { total: { input: { speechTokens: 8, textTokens: 2 } } },
        },
      },
    };
    expect(readUsage(nova, 'nova-sonic')).toMatchObject({ totalTokens: 30, inputAudioTokens: 8, inputTextTokens: 2 });
  });
});

describe('what is no usage', () => {
  test.each([[null], [{}], ['many'], [7], [[]]])('%j gives null', (usage) => {
    expect(readUsage(done(usage), 'realtime-ga')).toBeNull();
  });

  test('figures that cannot be true count as absent', () => {
    const odd = {
      total_tokens: '253',
      input_tokens: -4,
      output_tokens: Number.POSITIVE_INFINITY,
      input_token_details: [null],
      output_token_details: 'x',
    };
    expect(readUsage(done(odd), 'realtime-ga')).toEqual(EMPTY_USAGE);
  });
});

test('usages add up figure by figure', () => {
  const one = readUsage(done(GA), 'realtime-ga') ?? EMPTY_USAGE;
  const sum = addUsage(one, addUsage(EMPTY_USAGE, one));
  expect([sum.totalTokens, sum.cachedAudioTokens, sum.seconds]).toEqual([506, 8, 0]);
});
