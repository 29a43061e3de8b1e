import { describe, expect, it } from 'vitest';
import { findIn, findingsOf } from '#tests/support/rule-run.ts';

const find = (text: string, options = {}) => findingsOf('cancelled-response', text, options);

/** Base64 of that many bytes. */
const bytes = (count: number) => Buffer.alloc(count).toString('base64');

const CANCELLED =
  '{"response":{"status":"cancelled","status_details":{"reason":"turn_detected"},"usage":{"total_tokens":300,"output_tokens":100}}}';

/** 48,000 bytes of pcm16 at 24 kHz: 48,000 / 48 = 1,000 ms. */
const SPOKEN = `
  0   s>c response.created r1
  10  s>c response.output_item.added r1 i1 output_index=0
  50  s>c response.output_audio.delta r1 i1 output_index=0 content_index=0 {"delta":"${bytes(48_000)}"}
  400 s>c response.done r1 ${CANCELLED}`;

describe('is quiet', () => {
  it.each([
    ['about nothing', ''],
    ['about a response that completed', SPOKEN.replace('"cancelled"', '"completed"')],
    [
      'about one that was cut by its length',
      SPOKEN.replace('"cancelled"', '"incomplete"').replace('turn_detected', 'max_output_tokens'),
    ],
    ['where the session ends while the response is open', SPOKEN.split('\n').slice(0, -1).join('\n')],
    ['about types that the catalogue does not know', '0 s>c response.stopped r1 {"response":{"status":"cancelled"}}'],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([]);
  });
});

describe('flags', () => {
  it('what was generated, heard and wasted where the client truncates after the end', () => {
    const [found] = findIn(`${SPOKEN}\n500 c>s conversation.item.truncate i1 content_index=0 audio_end_ms=250`);
    expect(found).toMatchObject({ severity: 'low', evidence: [4, 5] });
    // 100 output tokens, 250 of 1,000 ms heard: 100 × (1 − 0.25)
    expect(found?.values).toMatchObject({
      reason: 'turn_detected',
      generatedMs: 1000,
      heardMs: 250,
      wastedTokens: 75,
      totalTokens: 300,
    });
  });

  it('the same where the client truncates before the end', () => {
    const text = SPOKEN.replace('400 ', '390 c>s conversation.item.truncate i1 content_index=0 audio_end_ms=250\n400 ');
    expect(findIn(text)).toMatchObject([{ evidence: [4, 5], values: { heardMs: 250, wastedTokens: 75 } }]);
  });

  it('what was heard by the moment at which the server cleared its playback', () => {
    const text = SPOKEN.replace('50 ', '40 s>c output_audio_buffer.started r1\n50 ').concat(
      '\n640 s>c output_audio_buffer.cleared r1',
    );
    // 640 − 40 ms
    expect(findIn(text)).toMatchObject([{ values: { heardMs: 600, wastedTokens: 40 } }]);
  });

  it('the format in force: 8,000 bytes of G.711 are 8,000 / 8 = 1,000 ms', () => {
    const text = `0 s>c session.updated {"session":{"output_audio_format":"g711_ulaw"}}\n${SPOKEN.replace(bytes(48_000), bytes(8_000))}`;
    expect(findIn(text)).toMatchObject([{ values: { generatedMs: 1000 } }]);
  });

  it.each([
    // 400 + 2000 ms
    ['just under the wait: the truncation still counts', 2399, 250],
    ['just over: it does not', 2401, null],
  ])('waits two seconds for what was heard; %s', (_, ms, heardMs) => {
    const text = `${SPOKEN}\n${ms} c>s conversation.item.truncate i1 content_index=0 audio_end_ms=250`;
    expect(findIn(text)).toMatchObject([{ values: { heardMs } }]);
  });

  it('one that was cut before its first output, as an explanation', () => {
    expect(find(`0 s>c response.created r1\n40 s>c response.done r1 ${CANCELLED}`)).toEqual(['empty info 2']);
  });

  it('one that the application cancelled, as an explanation', () => {
    expect(find(SPOKEN.replace('turn_detected', 'client_cancelled'))).toEqual(['default info 4']);
  });

  it('speech that some servers report as incomplete', () => {
    expect(find(SPOKEN.replace('"cancelled"', '"incomplete"'))).toEqual(['default low 4']);
  });

  it('one that a clone ends by a name of its own', () => {
    const text = SPOKEN.replace(/response.done r1.*/, 'response.cancelled response_id=resp_r1');
    expect(findIn(text)).toMatchObject([{ severity: 'low', evidence: [4], values: { generatedMs: 1000, totalTokens: null } }]);
  });

  it('the items before the one that was truncated as heard: 1,000 + 250 of 2,000 ms', () => {
    const second = '60 s>c response.output_audio.delta r1 i2 output_index=1 content_index=0';
    const text = SPOKEN.replace('400 ', `${second} {"delta":"${bytes(48_000)}"}\n400 `);
    const [found] = findIn(`${text}\n500 c>s conversation.item.truncate i2 content_index=0 audio_end_ms=250`);
    // 100 × (1 − 1,250 ÷ 2,000) = 37.5
    expect(found?.values).toMatchObject({ generatedMs: 2000, heardMs: 1250, wastedTokens: 38 });
  });

  it('items before the truncated one that speak nothing as nothing, and those whose audio did not pass here as not known', () => {
    const cut = '500 s>c conversation.item.truncated i2 content_index=0 audio_end_ms=250';
    const began = (type: string) =>
      `0 s>c response.created r1\n1 s>c response.output_item.added r1 i1 output_index=0 {"item":{"type":"${type}"}}`;
    const spoken = `2 s>c response.output_audio_transcript.delta r1 i2 output_index=1 delta=Hi\n400 s>c response.done r1 ${CANCELLED}`;
    expect(findIn(`${began('function_call')}\n${spoken}\n${cut}`)).toMatchObject([{ values: { heardMs: 250 } }]);
    expect(findIn(`${began('message')}\n${spoken}\n${cut}`)).toMatchObject([{ evidence: [4, 5], values: { heardMs: null } }]);
  });

  it('no more as heard than was generated, whatever the client truncates at', () => {
    const text = `${SPOKEN}\n500 c>s conversation.item.truncate i1 content_index=0 audio_end_ms=9000`;
    expect(findIn(text)).toMatchObject([{ values: { heardMs: 1000, wastedTokens: 0 } }]);
  });

  it('one whose id a log left out', () => {
    expect(find(`0 s>c response.done ${CANCELLED}`)).toEqual(['default low 1']);
  });

  it.each(['function_call', 'mcp_call'])('one that was cut while it wrote the arguments of a %s, as begun', (call) => {
    const text = SPOKEN.replace('response.output_audio.delta', `response.${call}_arguments.delta`);
    expect(find(text)).toEqual(['default low 4']);
  });

  it('the reason that a provider gives as a text', () => {
    const text = SPOKEN.replace('{"reason":"turn_detected"}', '"turn_detected"');
    expect(findIn(text)).toMatchObject([{ values: { reason: 'turn_detected' } }]);
  });

  it('the reason and the tokens that a clone tells only behind its response.cancelled, once', () => {
    const text = SPOKEN.replace('400 ', '390 s>c response.cancelled response_id=resp_r1\n400 ');
    expect(findIn(text)).toMatchObject([{ evidence: [4], values: { reason: 'turn_detected', totalTokens: 300 } }]);
  });

  it('the reason that comes behind what was heard', () => {
    const cancelled = '390 s>c response.cancelled response_id=resp_r1\n395 c>s conversation.item.truncate i1 audio_end_ms=250';
    expect(findIn(SPOKEN.replace('400 ', `${cancelled}\n400 `))).toMatchObject([
      { evidence: [4, 5], values: { reason: 'turn_detected', heardMs: 250, totalTokens: 300 } },
    ]);
  });

  it('no tokens where the usage tells only of time', () => {
    const text = SPOKEN.replace('"total_tokens":300,"output_tokens":100', '"seconds":3,"total_tokens":null');
    expect(findIn(text)).toMatchObject([{ values: { totalTokens: null, outputTokens: null, wastedTokens: null } }]);
  });

  it('two at once, the second before the first was heard of', () => {
    expect(find(`${SPOKEN}\n${SPOKEN.replaceAll('r1', 'r2').replaceAll('i1', 'i2')}`)).toEqual([
      'default low 4',
      'default low 8',
    ]);
  });

  it('one whose beginning was not seen, without saying how much was generated', () => {
    const text = SPOKEN.replace('response.created r1', 'rate_limits.updated');
    expect(findIn(text)).toMatchObject([{ variant: 'default', values: { generatedMs: null, wastedTokens: null } }]);
  });

  it('one after a loss in the same way', () => {
    const text = SPOKEN.replace('400 ', '60 s>c (loss)\n400 ');
    expect(findIn(text)).toMatchObject([{ values: { generatedMs: null, generated: 'not known, messages are missing' } }]);
  });

  it('nothing of a response that a new connection left behind', () => {
    const again = `5 s>c session.created {"session":{"id":"sess_2"}}`;
    const text = `0 s>c session.created {"session":{"id":"sess_1"}}\n${SPOKEN.split('\n').slice(0, 4).join('\n')}\n${again}`;
    expect(find(text)).toEqual([]);
  });
});
