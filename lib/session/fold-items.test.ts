import { describe, expect, it } from 'vitest';
import { foldScript, SCRIPT_START } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';

describe('items', () => {
  it('grow by deltas and end with the whole text', () => {
    const lines = script(`
      0  s>c  response.output_text.delta  r1 i1 content_index=0 delta=Hel
      1  s>c  response.output_text.delta  r1 i1 content_index=0 delta=lo
      2  s>c  response.output_text.done   r1 i1 content_index=0 text=Hello!
      3  s>c  conversation.item.done      i1 {"item":{"type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello!"}]},"previous_item_id":"item_i0"}`);
    expect(foldScript(lines.slice(0, 2)).items).toMatchObject([{ text: 'Hello', textFinal: false }]);
    expect(foldScript(lines).items).toMatchObject([
      { text: 'Hello!', textFinal: true, status: 'completed', previousItemId: 'item_i0', doneAt: SCRIPT_START + 3000 },
    ]);
  });

  it('keep content parts apart and in order of their index', () => {
    const { items } = foldScript(
      script(`
        0  s>c  response.output_text.delta  r1 i1 content_index=1 delta=b
        1  s>c  response.output_text.delta  r1 i1 content_index=0 delta=a
        2  s>c  response.output_text.delta  r1 i1 content_index=1 delta=b`),
    );
    expect(items[0]?.text).toBe('a\nbb');
  });

  it('hear a stream once that a provider sends under both names', () => {
    const { items } = foldScript(
      script(`
        0  s>c  response.text.delta         r1 i1 delta=Hi
        1  s>c  response.output_text.delta  r1 i1 delta=Hi
        2  s>c  response.text.delta         r1 i1 delta=!
        3  s>c  response.output_text.delta  r1 i1 delta=!`),
    );
    expect(items[0]?.text).toBe('Hi!');
  });

  it('of the beta are done with their one event when finished', () => {
    const { items } = foldScript(
      script(`
        0  s>c  conversation.item.created  i1 {"item":{"type":"message","role":"user","status":"completed","content":[{"type":"input_text","text":"Hi"}]}}
        1  s>c  conversation.item.created  i2 {"item":{"type":"message","role":"assistant","status":"in_progress","content":[]}}`),
    );
    expect(items).toMatchObject([
      { text: 'Hi', textFinal: true, doneAt: SCRIPT_START },
      { text: null, textFinal: false, doneAt: null },
    ]);
  });

  it('get their transcript late, by deltas, as a whole, or as a failure', () => {
    const { items } = foldScript(
      script(`
        0  s>c  conversation.item.added  i1 {"item":{"type":"message","role":"user","status":"completed","content":[{"type":"input_audio","transcript":null}]}}
        1  s>c  conversation.item.done   i1 {"item":{"type":"message","role":"user","status":"completed","content":[{"type":"input_audio","transcript":null}]}}
        2  s>c  conversation.item.input_audio_transcription.delta      i1 content_index=0 delta=good
        3  s>c  conversation.item.input_audio_transcription.completed  i1 content_index=0 {"transcript":"Good day"}
        4  s>c  conversation.item.input_audio_transcription.delta      i2 content_index=0 delta=half
        5  s>c  conversation.item.input_audio_transcription.failed     i3 content_index=0 {"error":{"code":"model_not_found","message":"No such model"}}`),
    );
    expect(items.map((item) => [item.role, item.text, item.textFinal, item.transcriptionStatus, item.errorMessage])).toEqual([
      ['user', 'Good day', true, 'completed', null],
      ['user', 'half', false, 'partial', null],
      ['user', null, false, 'failed', 'No such model'],
    ]);
  });

  it('take cumulative transcripts as they stand', () => {
    const { items } = foldScript(
      script(`
        0  s>c  conversation.item.input_audio_transcription.updated    i1 content_index=0 transcript=what
        1  s>c  conversation.item.input_audio_transcription.updated    i1 content_index=0 {"transcript":"what is"}
        2  s>c  conversation.item.input_audio_transcription.completed  i1 content_index=0 {"transcript":"what is it","status":"in_progress"}`),
    );
    expect(items).toMatchObject([{ text: 'what is it', transcriptionStatus: 'partial', textFinal: false }]);
  });

  it('keep what was said when they are cut, and stay when they are deleted', () => {
    const { items } = foldScript(
      script(`
        0  s>c  response.output_audio_transcript.done  r1 i1 content_index=0 {"transcript":"All of it"}
        1  s>c  conversation.item.truncated            i1 content_index=0 audio_end_ms=1200
        2  s>c  conversation.item.retrieved            i1 {"item":{"type":"message","role":"assistant","content":[{"type":"output_audio","transcript":""}]}}
        3  s>c  conversation.item.deleted              i1
        4  s>c  conversation.item.deleted              i9`),
    );
    expect(items).toMatchObject([{ id: 'item_i1', text: 'All of it', truncatedAtMs: 1200, deleted: true }]);
  });

  it('know how long the user spoke, by voice detection or by what was appended', () => {
    const { items } = foldScript(
      script(`
        0  s>c  input_audio_buffer.speech_started  i1 audio_start_ms=100
        1  s>c  input_audio_buffer.speech_stopped  i1 audio_end_ms=1300
        2  s>c  input_audio_buffer.committed       i1
        3  s>c  conversation.item.added            i1 {"item":{"type":"message","role":"user","content":[{"type":"input_audio"}]}}
        4  c>s  input_audio_buffer.append          audio=${'AAAA'.repeat(32)}
        5  c>s  input_audio_buffer.append          audio=${'AAAA'.repeat(32)}
        6  s>c  input_audio_buffer.committed       i2
        7  s>c  conversation.item.added            i2 {"item":{"type":"message","role":"user","content":[{"type":"input_audio"}]}}`),
    );
    // 1300 - 100 ms; 2 × 96 bytes at 48 bytes per ms
    expect(items.map((item) => item.audioMs)).toEqual([1200, 4]);
  });

  it.each([
    // 3,200 bytes at 32 and at 48 bytes per ms
    ['qwen', 'pcm16', 100],
    ['qwen', 'pcm', 100],
    ['openai', 'pcm16', 66.667],
  ] as const)('know how long the user spoke where pcm16 has the rate of the provider: %s, %s', (upstreamKind, format, ms) => {
    const { items } = foldScript(
      script(`
        0  s>c  session.created              {"session":{"id":"sess_1","modalities":["text","audio"],"input_audio_format":"${format}"}}
        1  c>s  input_audio_buffer.append    {"audio":"${Buffer.alloc(3200).toString('base64')}"}
        2  s>c  input_audio_buffer.committed i1
        3  s>c  conversation.item.created    i1 {"item":{"type":"message","role":"user","content":[{"type":"input_audio"}]}}`),
      { upstreamKind },
    );
    expect(items).toMatchObject([{ audioMs: ms }]);
  });

  it('hold reasoning summaries beside their text', () => {
    const { items } = foldScript(
      script(`
        0  s>c  response.created                       r1 sequence_number=0
        1  s>c  response.output_item.added             sequence_number=1 output_index=0 {"item":{"id":"rs_1","type":"reasoning","summary":[]}}
        2  s>c  response.reasoning_summary_text.delta  sequence_number=2 item_id=rs_1 output_index=0 summary_index=0 delta=First
        3  s>c  response.reasoning_summary_text.delta  sequence_number=3 item_id=rs_1 output_index=0 summary_index=1 delta=Then`),
      { path: '/v1/responses' },
    );
    expect(items).toMatchObject([{ type: 'reasoning', text: 'First\nThen' }]);
  });
});

describe('tool lists', () => {
  it('that could not be made are failed items', () => {
    const { items } = foldScript(script('0 s>c mcp_list_tools.in_progress i1\n1 s>c mcp_list_tools.failed i1'));
    expect(items).toMatchObject([{ type: 'mcp_list_tools', status: 'failed' }]);
  });
});

describe('sessions without items', () => {
  it('of vLLM are one stretch per transcription', () => {
    const { items, session } = foldScript(
      script(`
        0  s>c  session.created      id=s created=1
        1  s>c  transcription.delta  delta=Good
        2  s>c  transcription.delta  {"delta":" day"}
        3  s>c  transcription.done   {"text":"Good day","usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}`),
      { upstreamKind: null, path: '/v1/realtime', query: {} },
    );
    expect(items).toMatchObject([{ role: 'user', text: 'Good day', textFinal: true }]);
    expect(session).toMatchObject({ dialect: 'vllm', usage: { totalTokens: 11 } });
  });

  it('show their transcripts as stretches of each voice', () => {
    const { items } = foldScript(
      script(`
        0  s>c  session.started                  {"session":{"id":"sess_1","type":"live","model":"gpt-live-1"}}
        1  s>c  session.input_transcript.delta   delta=Good start_ms=0 end_ms=400
        2  s>c  session.output_transcript.delta  delta=Hm start_ms=300 end_ms=500
        3  s>c  session.input_transcript.delta   {"delta":" day","start_ms":450,"end_ms":700}
        4  s>c  session.input_transcript.delta   delta=Later start_ms=9000 end_ms=9400
        5  s>c  session.closed                   {"reason":"close_requested"}`),
      { path: '/v1/live/sessions', query: {} },
    );
    expect(items.map((item) => [item.role, item.text, item.status])).toEqual([
      ['user', 'Good day', 'completed'],
      ['assistant', 'Hm', 'completed'],
      ['user', 'Later', 'completed'],
    ]);
  });
});
