import { describe, expect, it } from 'vitest';
import { foldScript, SCRIPT_START } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';

const USAGE = '{"response":{"status":"completed","usage":{"total_tokens":30,"input_tokens":20,"output_tokens":10}}}';

describe('responses', () => {
  it('go from created over first output and first audio to done', () => {
    const { responses, session } = foldScript(
      script(`
        10  s>c  response.created             r1 {"response":{"conversation_id":"conv_1","output_modalities":["audio"],"metadata":{"a":"b"}}}
        20  s>c  response.output_item.added   r1 i1 {"item":{"type":"message","role":"assistant"}}
        30  s>c  response.output_audio_transcript.delta r1 i1 delta=Hi
        45  s>c  response.output_audio.delta  r1 i1 delta=${'AAAA'.repeat(16)}
        90  s>c  response.done                r1 ${USAGE}`),
    );
    expect(responses).toEqual([
      {
        id: 'resp_r1',
        ordinal: 1,
        firstSeq: 1,
        lastSeq: 5,
        status: 'completed',
        reason: null,
        errorCode: null,
        errorMessage: null,
        createdAt: SCRIPT_START + 10_000,
        firstOutputAt: SCRIPT_START + 30_000,
        firstAudioAt: SCRIPT_START + 45_000,
        doneAt: SCRIPT_START + 90_000,
        doneSeq: 5,
        conversationId: 'conv_1',
        modalities: ['audio'],
        itemIds: ['item_i1'],
        usage: expect.objectContaining({ totalTokens: 30 }),
        costUsd: expect.any(Number),
        audioDeltas: 1,
        audioMs: 1, // 64 base64 characters = 48 bytes = 1 ms of 24 kHz pcm16
        answersItemId: null,
        metadata: { a: 'b' },
      },
    ]);
    expect(session.counts).toMatchObject({ responses: 1, completed: 1, items: 1, audioBytes: 48 });
  });

  it('cancelled by speech count by reason, also without output and with zero usage', () => {
    const { responses, session } = foldScript(
      script(`
        0   s>c  response.created  r1
        10  s>c  response.done     r1 {"response":{"status":"cancelled","status_details":{"type":"cancelled","reason":"turn_detected"},"output":[],"usage":{"total_tokens":0,"input_tokens":0,"output_tokens":0}}}
        20  s>c  response.created  r2
        30  s>c  response.done     r2 {"response":{"status":"cancelled","status_details":{"type":"cancelled","reason":"client_cancelled"},"usage":{"total_tokens":7,"input_tokens":5,"output_tokens":2}}}`),
    );
    expect(responses.map((response) => [response.status, response.reason, response.usage?.totalTokens])).toEqual([
      ['cancelled', 'turn_detected', 0],
      ['cancelled', 'client_cancelled', 7],
    ]);
    expect(session.counts).toMatchObject({ cancelled: 2, cancelledByReason: { turn_detected: 1, client_cancelled: 1 } });
    expect(session.usage.totalTokens).toBe(7);
  });

  it('that failed or were cut carry the error or the reason', () => {
    const { responses, session } = foldScript(
      script(`
        0  s>c  response.done  r1 {"response":{"status":"failed","status_details":{"type":"failed","error":{"type":"server_error","code":"rate_limit_exceeded","message":"Slow down"}}}}
        1  s>c  response.done  r2 {"response":{"status":"incomplete","status_details":{"type":"incomplete","reason":"max_output_tokens"}}}`),
    );
    expect(responses[0]).toMatchObject({ status: 'failed', errorCode: 'rate_limit_exceeded', errorMessage: 'Slow down' });
    expect(responses[1]).toMatchObject({ status: 'incomplete', reason: 'max_output_tokens' });
    expect(session.counts).toMatchObject({ failed: 1, incomplete: 1, completed: 0 });
  });

  it('whose created was missed begin with their first event', () => {
    const { responses } = foldScript(
      script('5 s>c response.output_text.delta r1 i1 delta=x\n9 s>c response.done r1 {"response":{"status":"completed"}}'),
    );
    expect(responses).toMatchObject([{ firstSeq: 1, status: 'completed', createdAt: null, firstOutputAt: SCRIPT_START + 5000 }]);
  });

  it('that are never closed stay in progress', () => {
    const { responses, items } = foldScript(script('5 s>c response.created r1\n6 s>c response.output_text.delta r1 i1 delta=x'));
    expect(responses).toMatchObject([{ status: 'in_progress', doneSeq: null }]);
    expect(items).toMatchObject([{ text: 'x', textFinal: false }]);
  });

  it('ended by a bare response.done do not claim to have completed', () => {
    const { responses, session } = foldScript(script('5 s>c response.created r1\n6 s>c response.done'));
    expect(responses).toMatchObject([{ status: 'unknown', doneSeq: 2 }]);
    expect(session.counts.completed).toBe(0);
  });

  it('ended by the name that clones have for it are cancelled', () => {
    const { responses, session } = foldScript(script('0 s>c response.created r1\n1 s>c response.cancelled response_id=resp_r1'));
    expect(responses).toMatchObject([{ status: 'cancelled', reason: null }]);
    expect(session.counts).toMatchObject({ cancelled: 1, cancelledByReason: { unknown: 1 } });
  });

  it('learn from a second end why the first, which clones have, cancelled them', () => {
    const { responses, turns, session } = foldScript(
      script(`
        0  s>c  response.created    r1
        1  s>c  input_audio_buffer.speech_started  i1
        2  s>c  response.cancelled  response_id=resp_r1
        3  s>c  response.done       r1 {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"}}}`),
    );
    expect(responses).toMatchObject([{ status: 'cancelled', reason: 'turn_detected' }]);
    expect(turns).toMatchObject([{ interruptedResponseId: 'resp_r1' }]);
    expect(session.counts).toMatchObject({ cancelled: 1, cancelledByReason: { turn_detected: 1 } });
  });

  it('whose ids a log left out are counted all the same', () => {
    const { responses, session } = foldScript(
      script(`
        0  s>c  response.created            {"response":{"status":"in_progress"}}
        1  s>c  response.output_text.delta  item_id=i delta=Hi
        2  s>c  response.done               {"response":{"status":"completed","usage":{"total_tokens":3}}}
        3  s>c  response.done               {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"},"usage":{"total_tokens":4}}}`),
    );
    expect(responses.map(({ id, status }) => [id, status])).toEqual([
      ['response:1', 'completed'],
      ['response:2', 'cancelled'],
    ]);
    expect(session).toMatchObject({
      usage: { totalTokens: 7 },
      counts: { completed: 1, cancelledByReason: { turn_detected: 1 } },
    });
  });

  it('whose ids a log left out learn from a second end why the first cancelled them', () => {
    const { responses, session } = foldScript(
      script(`
        0  s>c  response.created    {"response":{"status":"in_progress"}}
        1  s>c  response.cancelled
        2  s>c  response.done       {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"},"usage":{"total_tokens":4}}}
        3  s>c  response.done       {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"}}}`),
    );
    expect(responses.map(({ status, reason }) => [status, reason])).toEqual([
      ['cancelled', 'turn_detected'],
      ['cancelled', 'turn_detected'],
    ]);
    expect(session).toMatchObject({ usage: { totalTokens: 4 }, counts: { cancelledByReason: { turn_detected: 2 } } });
  });

  it('whose ids a log left out end also outside the conversation', () => {
    const { responses } = foldScript(
      script(`
        0  s>c  response.created  {"response":{"conversation_id":null}}
        1  s>c  response.done     {"response":{"status":"completed"}}`),
    );
    expect(responses).toMatchObject([{ status: 'completed', doneSeq: 2 }]);
  });

  it('are not counted again for a second end without the id that they have', () => {
    const { responses } = foldScript(
      script(`5 s>c response.created r1\n6 s>c response.done r1 ${USAGE}\n7 s>c response.done ${USAGE}`),
    );
    expect(responses).toMatchObject([{ id: 'resp_r1', status: 'completed', doneSeq: 2 }]);
  });

  it('are charged and counted once when their end comes twice', () => {
    const { session } = foldScript(
      script(`5 s>c response.created r1\n6 s>c response.done r1 ${USAGE}\n7 s>c response.done r1 ${USAGE}`),
    );
    expect(session.usage.totalTokens).toBe(30);
    expect(session.counts.completed).toBe(1);
  });

  it('take items from the terminal event that no other event announced', () => {
    const { items, responses } = foldScript(
      script(
        '5 s>c response.done r1 {"response":{"status":"completed","output":[{"id":"item_x","type":"message","role":"assistant","content":[{"type":"output_text","text":"whole"}]}]}}',
      ),
    );
    expect(responses[0]?.itemIds).toEqual(['item_x']);
    expect(items).toMatchObject([{ id: 'item_x', text: 'whole', textFinal: true, responseId: 'resp_r1' }]);
  });

  it('leave their open items incomplete when they are cut', () => {
    const { items } = foldScript(
      script(`
        0  s>c  response.created            r1
        1  s>c  response.output_item.added  r1 i1 {"item":{"type":"message","role":"assistant","status":"in_progress"}}
        2  s>c  response.done               r1 {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"}}}`),
    );
    expect(items).toMatchObject([{ status: 'incomplete', responseId: 'resp_r1' }]);
  });

  it('measure audio in the format that the session was given', () => {
    const { responses } = foldScript(
      script(`
        0  s>c  session.updated              {"session":{"type":"realtime","audio":{"output":{"format":{"type":"audio/pcmu"}}}}}
        1  s>c  response.created             r1
        2  s>c  response.output_audio.delta  r1 i1 delta=${'AAAA'.repeat(16)}`),
    );
    expect(responses[0]?.audioMs).toBe(6); // 48 bytes at 8 bytes per ms
  });

  it('on WebRTC are first heard when the server starts to play', () => {
    const { responses } = foldScript(script('0 s>c response.created r1\n70 s>c output_audio_buffer.started r1'));
    expect(responses[0]).toMatchObject({ firstAudioAt: SCRIPT_START + 70_000, audioDeltas: 0, audioMs: 0 });
  });

  it('take a text in place of the details of a failure for its message', () => {
    const { responses } = foldScript(
      script('0 s>c response.done r1 {"response":{"status":"failed","status_details":"No quota"}}'),
    );
    expect(responses).toMatchObject([{ status: 'failed', reason: null, errorMessage: 'No quota' }]);
  });

  it('survive a text in place of status details', () => {
    const { responses } = foldScript(
      script(
        '0 s>c response.done r1 {"response":{"status":"completed","status_details":"unimplemented","usage":{}},"usage":{"total_tokens":9,"input_tokens":4,"output_tokens":5}}',
      ),
    );
    expect(responses[0]).toMatchObject({ status: 'completed', reason: null, usage: { totalTokens: 9 } });
  });
});

describe('a Responses stream', () => {
  const capture = { path: '/v1/responses', transport: 'sse' as const, query: {} };

  it('gives deltas without response id to the response that is open', () => {
    const { responses, items, session } = foldScript(
      script(`
        0  s>c  response.created             r1 sequence_number=0 {"response":{"status":"in_progress","model":"gpt-5"}}
        1  s>c  response.output_item.added   sequence_number=1 output_index=0 {"item":{"id":"msg_1","type":"message","role":"assistant"}}
        2  s>c  response.output_text.delta   sequence_number=2 item_id=msg_1 output_index=0 content_index=0 delta=He
        3  s>c  response.output_text.delta   sequence_number=3 item_id=msg_1 output_index=0 content_index=0 delta=llo
        4  s>c  response.completed           r1 sequence_number=4 {"response":{"status":"completed","usage":{"input_tokens":5,"output_tokens":2,"total_tokens":7,"output_tokens_details":{"reasoning_tokens":1}}}}
        5  s>c  response.created             r2 sequence_number=0
        6  s>c  response.output_text.delta   sequence_number=1 item_id=msg_2 output_index=0 content_index=0 delta=Cut
        7  s>c  response.incomplete          r2 sequence_number=2 {"response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}
        8  s>c  response.failed              r3 sequence_number=0 {"response":{"status":"failed","error":{"code":"server_error","message":"Oops"}}}`),
      capture,
    );
    expect(session).toMatchObject({ dialect: 'responses', model: 'gpt-5', usage: { totalTokens: 7, reasoningTokens: 1 } });
    expect(responses.map((response) => [response.status, response.reason, response.errorCode])).toEqual([
      ['completed', null, null],
      ['incomplete', 'max_output_tokens', null],
      ['failed', null, 'server_error'],
    ]);
    expect(items.map((item) => [item.id, item.text, item.responseId])).toEqual([
      ['msg_1', 'Hello', 'resp_r1'],
      ['msg_2', 'Cut', 'resp_r2'],
    ]);
  });

  it('that ends with a bare error failed', () => {
    const { responses, session } = foldScript(
      script(`
        0  s>c  response.created  r1 sequence_number=0
        1  s>c  error             sequence_number=1 code=server_error message=Oops param=null`),
      capture,
    );
    expect(responses).toMatchObject([{ status: 'failed', errorCode: 'server_error', errorMessage: 'Oops' }]);
    expect(session.counts).toMatchObject({ failed: 1, errors: 1 });
  });

  it('that ends with a nested error failed, but not where the error answers a request', () => {
    const ended = (more: string) => {
      const error = `1 s>c error ${more} {"error":{"code":"server_error","message":"Oops"}}`;
      return foldScript(script(`0 s>c response.created r1 sequence_number=0\n${error}`), capture).responses;
    };
    expect(ended('')).toMatchObject([{ status: 'failed', errorMessage: 'Oops' }]);
    expect(ended('status=400')).toMatchObject([{ status: 'in_progress', errorMessage: null }]);
  });

  it('is one response with one item where a proxy gives every event other ids', () => {
    const { responses, items } = foldScript(
      script(`
        0  s>c  response.created             r1 sequence_number=0
        1  s>c  response.in_progress         r2 sequence_number=1
        2  s>c  response.output_item.added   sequence_number=2 output_index=0 {"item":{"id":"a","type":"message","role":"assistant"}}
        3  s>c  response.output_text.delta   sequence_number=3 item_id=b output_index=0 content_index=0 delta=He
        4  s>c  response.output_text.delta   sequence_number=4 item_id=c output_index=0 content_index=0 delta=llo
        5  s>c  response.completed           r3 sequence_number=5 {"response":{"status":"completed","output":[{"id":"d","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]}]}}`),
      capture,
    );
    expect(responses).toMatchObject([{ id: 'resp_r1', status: 'completed', itemIds: ['a'] }]);
    expect(items).toMatchObject([{ id: 'a', text: 'Hello', textFinal: true }]);
  });
});
