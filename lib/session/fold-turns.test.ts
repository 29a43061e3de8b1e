import { describe, expect, it } from 'vitest';
import { foldScript, SCRIPT_START } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';

const SPOKEN = `
  1000  s>c  input_audio_buffer.speech_started  i1 audio_start_ms=700
  2500  s>c  input_audio_buffer.speech_stopped  i1 audio_end_ms=2200
  2510  s>c  input_audio_buffer.committed       i1
  2520  s>c  conversation.item.added            i1 {"item":{"type":"message","role":"user","content":[{"type":"input_audio"}]}}
  2530  s>c  response.created                   r1 {"response":{"conversation_id":"conv_1"}}
  2900  s>c  response.output_audio.delta        r1 i2 delta=AAAA`;

describe('turns', () => {
  it('of speech are measured from speech stop to the first audio of the answer', () => {
    const { turns, responses, session } = foldScript(script(SPOKEN));
    expect(turns).toEqual([
      {
        ordinal: 1,
        firstSeq: 1,
        lastSeq: 6,
        itemId: 'item_i1',
        kind: 'speech',
        speechStartedAt: SCRIPT_START + 1_000_000,
        speechStoppedAt: SCRIPT_START + 2_500_000,
        audioStartMs: 700,
        audioEndMs: 2200,
        committedAt: SCRIPT_START + 2_510_000,
        responseId: 'resp_r1',
        firstAudioAt: SCRIPT_START + 2_900_000,
        voiceToVoiceMs: 400, // 2900 - 2500
        interruptedResponseId: null,
      },
    ]);
    expect(responses[0]?.answersItemId).toBe('item_i1');
    expect(session).toMatchObject({ voiceToVoiceP50Ms: 400, voiceToVoiceP95Ms: 400, counts: { turns: 1 } });
  });

  it('on WebRTC are measured to the start of playback', () => {
    const lines = [...script(SPOKEN).slice(0, 5), ...script('3100 s>c output_audio_buffer.started r1')];
    expect(foldScript(lines).turns).toMatchObject([{ voiceToVoiceMs: 600 }]); // 3100 - 2500
  });

  it('without times are answered all the same, with every time unknown', () => {
    const lines = script(SPOKEN).map((line) => ({ ...line, ms: null }));
    expect(foldScript(lines, { clock: 'none' }).turns).toMatchObject([
      { kind: 'speech', responseId: 'resp_r1', speechStoppedAt: null, firstAudioAt: null, voiceToVoiceMs: null },
    ]);
  });

  it('name the response that their speech cut off', () => {
    const { turns } = foldScript(
      script(`${SPOKEN}
        3500  s>c  input_audio_buffer.speech_started  i3 audio_start_ms=3200
        3520  s>c  response.done                      r1 {"response":{"status":"cancelled","status_details":{"type":"cancelled","reason":"turn_detected"}}}
        4100  s>c  input_audio_buffer.speech_stopped  i3 audio_end_ms=3800
        4110  s>c  input_audio_buffer.committed       i3
        4120  s>c  response.created                   r2`),
    );
    expect(turns.map((turn) => [turn.interruptedResponseId, turn.responseId])).toEqual([
      [null, 'resp_r1'],
      ['resp_r1', 'resp_r2'],
    ]);
  });

  it('are one where only the commit names the item', () => {
    const { turns } = foldScript(
      script(`
        0   s>c  input_audio_buffer.speech_started
        10  s>c  input_audio_buffer.speech_stopped
        11  s>c  input_audio_buffer.committed  i1
        20  s>c  response.created              r1`),
    );
    expect(turns).toMatchObject([{ itemId: 'item_i1', responseId: 'resp_r1', speechStoppedAt: SCRIPT_START + 10_000 }]);
  });

  it('are not answered while the user still speaks', () => {
    const { turns } = foldScript(
      script(
        '0 s>c input_audio_buffer.speech_started i1 audio_start_ms=0\n10 s>c response.created r1\n20 s>c input_audio_buffer.speech_stopped i1 audio_end_ms=20',
      ),
    );
    expect(turns).toMatchObject([{ responseId: null }]);
  });

  it('of text belong to the user message, seen from both sides or from one', () => {
    const both = script(`
      0   c>s  conversation.item.create  {"item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}}
      1   c>s  response.create
      20  s>c  conversation.item.added   i1 {"item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}}
      21  s>c  conversation.item.done    i1 {"item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}}
      30  s>c  response.created          r1`);
    const server = both.filter((line) => line.direction === 'server_to_client');
    for (const lines of [both, server]) {
      expect(foldScript(lines).turns).toMatchObject([{ ordinal: 1, kind: 'text', itemId: 'item_i1', responseId: 'resp_r1' }]);
    }
  });

  it('of tools take all outputs that come together', () => {
    const { turns, responses } = foldScript(
      script(`
        0   c>s  conversation.item.create  c1 {"item":{"type":"function_call_output","output":"1"}}
        1   c>s  conversation.item.create  c2 {"item":{"type":"function_call_output","output":"2"}}
        2   c>s  response.create
        10  s>c  conversation.item.added   i1 c1 {"item":{"type":"function_call_output","output":"1"}}
        11  s>c  conversation.item.added   i2 c2 {"item":{"type":"function_call_output","output":"2"}}
        12  s>c  response.created          r1`),
    );
    expect(turns).toMatchObject([{ kind: 'tool', responseId: 'resp_r1' }]);
    expect(turns).toHaveLength(1);
    expect(responses[0]?.answersItemId).toBeNull();
  });

  it('are the client’s where it asks without anything new', () => {
    const { turns } = foldScript(script('0 c>s response.create\n10 s>c response.created r1'));
    expect(turns).toMatchObject([{ kind: 'client', itemId: null, responseId: 'resp_r1' }]);
  });

  it('do not lend their answer to a response outside the conversation', () => {
    const { turns } = foldScript(
      script(`
        0   s>c  input_audio_buffer.committed  i1
        1   c>s  response.create               {"response":{"conversation":"none"}}
        10  s>c  response.created              r1 {"response":{"conversation_id":null}}
        20  s>c  response.created              r2 {"response":{"conversation_id":"conv_1"}}`),
    );
    expect(turns.map((turn) => [turn.kind, turn.responseId])).toEqual([
      ['speech', 'resp_r2'],
      ['client', 'resp_r1'],
    ]);
  });

  it('leave nothing waiting when a second response.create is refused', () => {
    const { turns } = foldScript(
      script(`
        0   c>s  response.create
        10  s>c  response.created  r1
        20  c>s  response.create
        30  s>c  error             {"error":{"code":"conversation_already_has_active_response","message":"busy"}}
        40  s>c  response.done     r1 {"response":{"status":"completed"}}
        50  s>c  response.created  r2`),
    );
    expect(turns.map((turn) => turn.responseId)).toEqual(['resp_r1', null]);
  });

  it('give percentiles that were measured, by nearest rank', () => {
    const lines = [100, 300, 200, 400].flatMap((late, index) =>
      script(`
        ${index * 10_000}          s>c  input_audio_buffer.speech_started  i${index} audio_start_ms=0
        ${index * 10_000 + 1000}   s>c  input_audio_buffer.speech_stopped  i${index} audio_end_ms=1000
        ${index * 10_000 + 1010}   s>c  response.created                   r${index}
        ${index * 10_000 + 1000 + late}  s>c  response.output_audio.delta  r${index} i9${index} delta=AAAA
        ${index * 10_000 + 2000}   s>c  response.done                      r${index} {"response":{"status":"completed"}}`),
    );
    expect(foldScript(lines).session).toMatchObject({ voiceToVoiceP50Ms: 200, voiceToVoiceP95Ms: 400 });
  });
});
