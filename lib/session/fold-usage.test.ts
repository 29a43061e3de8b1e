import { describe, expect, it } from 'vitest';
import { costOf } from '#lib/protocol/prices.ts';
import { EMPTY_USAGE } from '#lib/protocol/usage.ts';
import { foldScript } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';

const DONE =
  '{"response":{"status":"completed","usage":{"total_tokens":150,"input_tokens":100,"output_tokens":50,"input_token_details":{"text_tokens":60,"audio_tokens":40,"cached_tokens":20,"cached_tokens_details":{"text_tokens":20,"audio_tokens":0}},"output_token_details":{"text_tokens":10,"audio_tokens":40}}}}';

describe('usage', () => {
  it('adds up responses and input transcription, and prices each by its own model', () => {
    const { session, responses } = foldScript(
      script(`
        0  s>c  session.created  {"session":{"id":"s","type":"realtime","model":"gpt-realtime","audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}}
        1  s>c  response.done    r1 ${DONE}
        2  s>c  response.done    r2 ${DONE}
        3  s>c  conversation.item.input_audio_transcription.completed  i1 {"transcript":"x","usage":{"type":"tokens","total_tokens":22,"input_tokens":13,"output_tokens":9}}
        4  s>c  conversation.item.input_audio_transcription.completed  i2 {"transcript":"x","usage":{"type":"duration","seconds":3.5}}`),
    );
    expect(session.usage).toMatchObject({
      totalTokens: 300,
      inputAudioTokens: 80,
      cachedTextTokens: 40,
      transcriptionTokens: 22,
      seconds: 3.5,
    });
    const perResponse = responses[0]?.costUsd ?? 0;
    // 40 text in at 4 $, 20 cached at 0.4, 40 audio in at 32, 10 text out at 16, 40 audio out at 64, per million
    expect(perResponse).toBeCloseTo((40 * 4 + 20 * 0.4 + 40 * 32 + 10 * 16 + 40 * 64) / 1e6, 12);
    const transcription = costOf({ ...EMPTY_USAGE, transcriptionTokens: 22 }, 'gpt-4o-transcribe')?.usd ?? 0;
    const byTime = costOf({ ...EMPTY_USAGE, seconds: 3.5 }, 'gpt-4o-transcribe')?.usd ?? 0;
    expect(session.costUsd).toBeCloseTo(2 * perResponse + transcription + byTime, 12);
  });

  it('of a transcript that comes twice counts once, of each of its parts', () => {
    const done = (index: number) =>
      `1 s>c conversation.item.input_audio_transcription.completed i1 content_index=${index} {"transcript":"x","usage":{"type":"duration","seconds":3}}`;
    expect(foldScript(script([done(0), done(0), done(1)].join('\n'))).session.usage.seconds).toBe(6);
  });

  it('has no cost where the model has no price', () => {
    const { session, responses } = foldScript(script(`0 s>c response.done r1 ${DONE}`), { query: { model: 'my-model' } });
    expect(session).toMatchObject({ costUsd: null, costEstimated: false, usage: { totalTokens: 150 } });
    expect(responses[0]).toMatchObject({ costUsd: null, usage: { totalTokens: 150 } });
  });

  it('of a session billed by time is the highest total it reported, never a sum', () => {
    const { session } = foldScript(
      script(`
        0  s>c  session.started        {"session":{"id":"s","type":"live","model":"gpt-live-1"}}
        1  s>c  session.usage.updated  {"usage":{"seconds":60}}
        2  s>c  session.usage.updated  {"usage":{"seconds":120}}
        3  s>c  session.usage.updated  {"usage":{"seconds":90}}
        4  s>c  session.closed         {"usage":{"seconds":126},"reason":"close_requested"}`),
      { path: '/v1/live/sessions', query: {} },
    );
    expect(session.usage.seconds).toBe(126);
    expect(session.costUsd).toBeCloseTo((126 / 60) * 0.05, 12);
  });
});
