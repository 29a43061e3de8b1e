import { describe, expect, it } from 'vitest';
import { findIn, findingsOf } from '#tests/support/rule-run.ts';

const find = (text: string, options = {}) => findingsOf('missing-delta', text, options);

const SPOKEN = `
  0   s>c response.created r1
  50  s>c response.output_audio_transcript.delta r1 i1 output_index=0 content_index=0 delta=Hello
  60  s>c response.output_audio.done r1 i1 output_index=0 content_index=0
  70  s>c response.output_audio_transcript.done r1 i1 output_index=0 content_index=0 transcript=Hello
  90  s>c response.done r1 {"response":{"status":"completed"}}`;

const CALL = `
  0  s>c response.created r1
  50 s>c response.function_call_arguments.done r1 i1 c1 output_index=0 {"arguments":"{\\"city\\":\\"Rome\\"}"}
  90 s>c response.done r1 {"response":{"status":"completed"}}`;

describe('is quiet', () => {
  it.each([
    ['about nothing', ''],
    [
      'about a part that had a delta',
      `0 s>c response.created r1
       1 s>c response.output_text.delta r1 i1 output_index=0 content_index=0 delta=Hi
       2 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=Hi
       3 s>c response.done r1 {"response":{"status":"completed"}}`,
    ],
    [
      'just under the limit: a blank is no character',
      `0 s>c response.created r1
       2 s>c response.output_text.done r1 i1 output_index=0 content_index=0 {"text":" "}
       3 s>c response.done r1 {"response":{"status":"completed"}}`,
    ],
    [
      'about a response whose beginning was not seen',
      `2 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=Hello
       3 s>c response.done r1 {"response":{"status":"completed"}}`,
    ],
    [
      'about a response whose beginning a proxy sends behind the only delta',
      `0 s>c response.output_text.delta r1 i1 output_index=0 content_index=0 delta=Hello
       1 s>c response.created r1
       2 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=Hello
       3 s>c response.done r1 {"response":{"status":"completed"}}`,
    ],
    ['about audio that was cancelled before its first frame', SPOKEN.replace('"completed"', '"cancelled"')],
    [
      'about the audio of an answer in which nothing was said',
      SPOKEN.replace(/.*delta=Hello/, '')
        .replace('=Hello', '=')
        .replace('"completed"', '"completed","output":[{"id":"item_i1","content":[{"type":"output_audio","transcript":""}]}]'),
    ],
    [
      'about the audio of an answer whose transcript is closed as empty, whatever the terminal event repeats',
      SPOKEN.replace(/.*delta=Hello/, '').replace('transcript=Hello', 'transcript='),
    ],
    [
      'about the audio of such an answer where the transcript is closed first',
      SPOKEN.replace(
        /.*delta=Hello/,
        '  55 s>c response.output_audio_transcript.done r1 i1 output_index=0 content_index=0 transcript=',
      ),
    ],
    [
      'about audio that was cancelled before its first frame, where a clone ends it by a name of its own',
      SPOKEN.replace(/response.done r1.*/, 'response.cancelled response_id=resp_r1'),
    ],
    [
      'about a response of more parts at a time than are kept: 65 against 64',
      [
        '0 s>c response.created r1',
        ...Array.from({ length: 65 }, (_, at) => `1 s>c response.output_text.delta r1 i${at} output_index=${at} delta=Hello`),
        ...Array.from({ length: 65 }, (_, at) => `2 s>c response.output_text.done r1 i${at} output_index=${at} text=Hello`),
        '3 s>c response.done r1 {"response":{"status":"completed"}}',
      ].join('\n'),
    ],
    [
      'about audio that the content filter cut off before its first frame',
      SPOKEN.replace('"completed"', '"incomplete","status_details":{"reason":"content_filter"}'),
    ],
    ['about arguments that are empty but for their blanks', CALL.replace(/"arguments":"[^}]*}"/, '"arguments":"{\\n}"')],
    ['about what a failed response did not stream', SPOKEN.replace('"completed"', '"failed"')],
    [
      'about audio that speech cut off before its first frame, which some servers call incomplete',
      SPOKEN.replace('"completed"', '"incomplete","status_details":{"reason":"turn_detected"}'),
    ],
    [
      'about a second closing event under another name (xAI)',
      `0 s>c response.created r1
       1 s>c response.text.delta r1 i1 content_index=0 delta=Hello
       2 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=Hello
       3 s>c response.text.done r1 i1 output_index=0 content_index=0 text=Hello
       4 s>c response.done r1 {"response":{"status":"completed"}}`,
    ],
    [
      'about ids that change from event to event, as proxies make them',
      `- s>c response.created r1 sequence_number=0 {"response":{"object":"response"}}
       - s>c response.output_text.delta i8 output_index=0 content_index=0 delta=Hello sequence_number=1
       - s>c response.output_text.done i9 output_index=0 content_index=0 text=Hello sequence_number=2
       - s>c response.completed r1 sequence_number=3`,
    ],
    [
      'about input transcription of a model that sends the whole at once',
      `0 s>c session.created {"session":{"id":"sess_1","type":"realtime","audio":{"input":{"transcription":{"model":"whisper-1"}}}}}
       5 s>c conversation.item.input_audio_transcription.completed i1 content_index=0 {"transcript":"Hello there"}`,
    ],
    [
      'after messages were lost: its deltas may be among them',
      `0 s>c response.created r1
       1 s>c (loss)
       2 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=Hello
       3 s>c response.done r1 {"response":{"status":"completed"}}`,
    ],
    [
      'about types that the catalogue does not know',
      `0 s>c response.created r1
       1 s>c response.smell.done r1 i1 output_index=0 text=Hello
       3 s>c response.done r1 {"response":{"status":"completed"}}`,
    ],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([]);
  });
});

describe('reads a Responses stream, whose deltas name no response', () => {
  const created = (r: string) => `- s>c response.created ${r} sequence_number=0 {"response":{"object":"response"}}`;
  const closed = '- s>c response.output_text.done i1 output_index=0 content_index=0 sequence_number=1 text=Hello';
  const shell = 'output_index=0 command_index=0';

  it.each([
    [
      'a part of a completed response',
      [created('r1'), closed, '- s>c response.completed r1 sequence_number=2'],
      ['default high 2'],
    ],
    ['nothing of a failed one', [created('r1'), closed, '- s>c response.failed r1 sequence_number=2'], []],
    ['a part of one that the next response breaks off', [created('r1'), closed, created('r2')], ['default high 2']],
    [
      'a command of a shell that was announced empty and came whole',
      [
        created('r1'),
        `- s>c response.shell_call_command.added ${shell} sequence_number=1 {"command":""}`,
        `- s>c response.shell_call_command.done ${shell} sequence_number=2 {"command":"echo hi"}`,
      ],
      ['default high 3'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(find(lines.join('\n'), { capture: { path: '/v1/responses' } })).toEqual(expected);
  });
});

describe('flags', () => {
  it.each([
    // 1 character is not less than 1
    [
      'just over the limit',
      `0 s>c response.created r1
       2 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=A
       3 s>c response.done r1 {"response":{"status":"completed"}}`,
      ['default high 2'],
    ],
    ['silence on a WebSocket as critical', SPOKEN, ['default critical 3']],
    ['arguments that came only whole', CALL, ['default medium 2']],
    [
      'arguments before which one empty delta came',
      CALL.replace('  50', '  40 s>c response.function_call_arguments.delta r1 i1 c1 output_index=0 delta=\n  50'),
      ['default medium 3'],
    ],
    [
      'two at once',
      `0 s>c response.created r1
       1 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=Hello
       2 s>c response.output_text.done r1 i2 output_index=1 content_index=0 text=World
       3 s>c response.done r1 {"response":{"status":"completed"}}`,
      ['default high 2', 'default high 3'],
    ],
    [
      'a part whose response had not ended when the session did',
      `0 s>c response.created r1
       1 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=Hello`,
      ['default high 2'],
    ],
    [
      'what a connection that was made again leaves out, and nothing of before',
      `0 s>c session.created {"session":{"id":"sess_1"}}
       1 s>c response.created r1
       2 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=Hello
       3 s>c session.created {"session":{"id":"sess_2"}}
       4 s>c response.created r2
       5 s>c response.output_text.done r2 i2 output_index=0 content_index=0 text=Hello
       6 s>c response.done r2 {"response":{"status":"completed"}}`,
      ['default high 6'],
    ],
    [
      'the beta names alike',
      `0 s>c response.created r1
       2 s>c response.text.done r1 i1 output_index=0 content_index=0 text=Hello
       3 s>c response.done r1 {"response":{"status":"completed"}}`,
      ['default high 2'],
    ],
    [
      'a transcription model that is known to stream',
      `0 s>c session.created {"session":{"id":"sess_1","type":"realtime","audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}}
       5 s>c conversation.item.input_audio_transcription.completed i1 content_index=0 {"transcript":"Hello there"}`,
      ['default medium 2'],
    ],
  ])('%s', (_, text, expected) => {
    expect(find(text)).toEqual(expected);
  });
});

describe('knows where deltas are not to be expected', () => {
  it.each([
    ['audio on a WebRTC call', SPOKEN, { transport: 'webrtc' }],
    ['audio on a SIP call', SPOKEN, { transport: 'sip' }],
    ['audio beside a call', SPOKEN, { mode: 'sideband' }],
    ["audio beside a call, on the application's own connection", SPOKEN, { query: { call_id: 'rtc_1' } }],
    ["arguments on Azure's preview", CALL, { upstreamKind: 'azure-openai', path: '/openai/realtime' }],
  ])('%s: an explanation', (_, text, capture) => {
    const [found, ...more] = findIn(text, { capture: capture as never });
    expect(more).toEqual([]);
    expect(found).toMatchObject({ ruleId: 'missing-delta', variant: 'expected', severity: 'info' });
    expect(found?.values['note']).toMatch(/\w{3}/);
  });

  it('tells of a known gap once per session and family', () => {
    const twice = `${SPOKEN}\n${SPOKEN.replaceAll('r1', 'r2').replaceAll('i1', 'i2')}`;
    expect(find(twice, { capture: { transport: 'webrtc' } })).toEqual(['expected info 3']);
  });

  it('reads from playback events that audio has a track of its own, whatever the capture says of its transport', () => {
    const text = SPOKEN.replace('60 ', '55 s>c output_audio_buffer.started r1\n60 ');
    expect(find(text, { capture: { transport: 'unknown', mode: 'import' } })).toEqual(['expected info 4']);
  });

  it('takes no cleared buffer for such a track at Voice Live, which has one on a WebSocket too', () => {
    const text = SPOKEN.replace('60 ', '55 s>c output_audio_buffer.cleared r1\n60 ');
    expect(find(text, { capture: { upstreamKind: 'azure-voice-live' } })).toEqual(['default critical 4']);
    expect(find(text)).toEqual(['expected info 4']);
  });

  it('reads from the connection of an avatar that its video speaks', () => {
    expect(find(`0 s>c session.avatar.connecting\n${SPOKEN}`)).toEqual(['expected info 4']);
  });

  it('weighs an imported file less: what wrote it may have left the deltas out', () => {
    expect(find(SPOKEN, { capture: { transport: 'unknown', mode: 'import' } })).toEqual(['imported medium 3']);
  });
});
