import { describe, expect, it } from 'vitest';
import { foldEvent } from '#lib/session/fold.ts';
import { openScripted, SCRIPT_START, toFoldEvent } from '#tests/support/fold-session.ts';
import { findIn, findingsOf } from '#tests/support/rule-run.ts';
import { script } from '#tests/support/script.ts';
import { detectEvent } from './detector.ts';
import { openRules } from './engine.ts';

const find = (text: string, options = {}) => findingsOf('rejected-config', text, options);

const UPDATE =
  '0 c>s session.update e1 {"session":{"type":"realtime","instructions":"Be brief.","audio":{"output":{"voice":"marin"}}}}';
const echo = (ms: number, session: object) =>
  `${ms} s>c session.updated ${JSON.stringify({ session: { type: 'realtime', ...session } })}`;
const AS_ASKED = { instructions: 'Be brief.', audio: { output: { voice: 'marin' } } };
const REFUSED = (more: object) =>
  `20 s>c error ${JSON.stringify({ error: { type: 'invalid_request_error', code: 'unknown_parameter', message: 'Unknown.', ...more } })}`;

const at = (ms: number) => SCRIPT_START + ms * 1000;

describe('is quiet', () => {
  it.each([
    ['about nothing', ''],
    ['where the server confirms what was asked for', `${UPDATE}\n${echo(20, AS_ASKED)}`],
    // 5000 − 0 ms are not yet over
    ['just under the limit', `${UPDATE}\n4999 s>c (watermark)`],
    ['where the session ends while the answer is awaited', UPDATE],
    [
      'about empty instructions, which ask for the default',
      `${UPDATE.replace('Be brief.', '')}\n${echo(20, { ...AS_ASKED, instructions: 'You are helpful.' })}`,
    ],
    ['about an error of something else', `${UPDATE}\n${REFUSED({ param: 'item.call_id' })}\n${echo(30, AS_ASKED)}`],
    [
      'about the first of two updates, which the answer to it may mix with the second',
      `${UPDATE}\n5 c>s session.update {"session":{"instructions":"Be long."}}\n${echo(20, { ...AS_ASKED, instructions: 'Be long.' })}`,
    ],
    [
      'about an error that names the update only because the client uses one id for all it sends',
      `${UPDATE}\n1 c>s response.cancel e1\n${REFUSED({ code: 'response_cancel_not_active', event_id: 'event_e1' })}\n${echo(30, AS_ASKED)}`,
    ],
    [
      'about a configuration that is too long to be kept whole',
      `${UPDATE.replace('Be brief.', 'a'.repeat(300_000))}\n${echo(20, { object: 'realtime.session', ...AS_ASKED, instructions: 'a'.repeat(300_000) })}`,
    ],
    [
      'about an answer to an update of before messages were lost, which comes while another waits',
      `${UPDATE}\n1 s>c (loss)\n2 c>s session.update {"session":{"instructions":"Be long."}}\n${echo(20, AS_ASKED)}\n${echo(21, { instructions: 'Be long.' })}\n20000 s>c (watermark)`,
    ],
    [
      'about an answer to an update that was itself lost',
      `0 s>c (loss)\n2 c>s session.update {"session":{"instructions":"Be long."}}\n${echo(20, AS_ASKED)}\n${echo(21, { instructions: 'Be long.' })}\n20000 s>c (watermark)`,
    ],
    [
      'about an update after a loss that is answered otherwise, since it is answered',
      `0 s>c (loss)\n${UPDATE}\n${echo(20, { instructions: 'Hi.' })}\n20000 s>c (watermark)`,
    ],
    ['about an update that was lost sight of', `${UPDATE}\n1 s>c (loss)\n9000 s>c (watermark)`],
    [
      'about an update that a new connection left behind',
      `0 s>c session.created {"session":{"id":"sess_1"}}\n${UPDATE}\n1 s>c session.created {"session":{"id":"sess_2"}}\n9000 s>c (watermark)`,
    ],
    [
      'about two updates that one answer holds, after an error that does not say what it is about',
      `${UPDATE}\n5 c>s session.update {"session":{"instructions":"Be long."}}\n10 s>c error {"error":{"message":"No."}}\n${echo(20, { instructions: 'Be long.' })}\n20000 s>c (watermark)`,
    ],
    [
      'about updates in quick succession, of which one asks for nothing new: its answer is not that to the next',
      [
        UPDATE,
        '5 c>s session.update {"session":{"tracing":"auto"}}',
        '6 c>s session.update {"session":{"instructions":"Be long."}}',
        ...[echo(20, AS_ASKED), echo(21, AS_ASKED), echo(22, { ...AS_ASKED, instructions: 'Be long.' })],
        '20000 s>c (watermark)',
      ].join('\n'),
    ],
    [
      'about fields set to null, which ask for the default',
      `0 c>s session.update {"session":{"type":"realtime","tool_choice":null,"audio":{"output":{"voice":null}}}}\n${echo(20, { tool_choice: 'auto', audio: { output: { voice: 'marin' } } })}`,
    ],
    [
      'about the address of an MCP server, which OpenAI does not repeat',
      `0 c>s session.update {"session":{"tools":[{"type":"mcp","server_label":"a","server_url":"https://a.example/mcp"}]}}\n${echo(20, { tools: [{ type: 'mcp', server_label: 'a', server_url: 'https://a.example/<redacted>' }] })}`,
    ],
    [
      "about an answer to somebody else's update within the round trip of ours",
      `${UPDATE}\n${echo(10, { instructions: 'Theirs.' })}\n${echo(20, AS_ASKED)}\n9000 s>c (watermark)`,
    ],
    [
      "about an answer to somebody else's update, where ours agree after another was sent",
      [
        ...[UPDATE, echo(10, { instructions: 'Theirs.' }), '12 c>s session.update {"session":{"instructions":"Be long."}}'],
        ...[echo(20, AS_ASKED), echo(30, { ...AS_ASKED, instructions: 'Be long.' }), '9000 s>c (watermark)'],
      ].join('\n'),
    ],
    [
      'about an error of a request for a response, whose field the update has too',
      `${UPDATE}\n5 c>s response.create {"response":{"instructions":5}}\n${REFUSED({ code: 'invalid_type', param: 'instructions' })}\n${echo(30, AS_ASKED)}`,
    ],
    [
      'about an error of another message whose field a configuration has too',
      `${UPDATE}\n${REFUSED({ code: 'invalid_value', param: 'audio' })}\n${echo(30, AS_ASKED)}`,
    ],
    ['about types that the catalogue does not know', '0 c>s session.patch {"session":{"a":1}}\n9000 s>c (watermark)'],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([]);
  });

  it('about a deployment that Azure answers with its model', () => {
    const text = `0 c>s session.update {"session":{"type":"realtime","model":"my-deployment"}}\n${echo(20, { model: 'gpt-realtime' })}`;
    expect(find(text, { capture: { upstreamKind: 'azure-openai', path: '/openai/v1/realtime' } })).toEqual([]);
  });

  it('where a data channel shows no answers at all, as Azure filters it; where it shows them, silence counts', () => {
    const capture = { mode: 'ingest', transport: 'webrtc' } as const;
    expect(find(`${UPDATE}\n9000 s>c input_audio_buffer.speech_started i1`, { capture })).toEqual([]);
    expect(find(`0 s>c session.created\n${UPDATE}\n9000 s>c (watermark)`, { capture })).toEqual(['unanswered high 2']);
  });

  it('about what xAI does not echo', () => {
    const text = `${UPDATE}\n${echo(20, { instructions: 'Be brief.', tools: [] })}`;
    expect(find(text, { capture: { upstream: 'xai', upstreamKind: 'xai' } })).toEqual([]);
  });
});

describe('flags', () => {
  it('an update that was refused, by the event that the error names (V1)', () => {
    const [found] = findIn(`${UPDATE}\n${REFUSED({ event_id: 'event_e1', param: 'session.audio.output.voice' })}`);
    expect(found).toMatchObject({ severity: 'critical', evidence: [1, 2] });
    expect(found?.values).toMatchObject({
      param: 'session.audio.output.voice',
      code: 'unknown_parameter',
      updateSeq: 1,
      requested: 'marin',
    });
  });

  it('an update that was refused, by the parameter alone (V1)', () => {
    expect(find(`${UPDATE}\n${REFUSED({ param: 'session.type' })}`)).toEqual(['default critical 1 2']);
  });

  it('a refusal whose update was not seen', () => {
    expect(find(REFUSED({ param: 'session.modalities' }))).toEqual(['default critical 1']);
  });

  it('just over the limit: no answer in 5,000 ms (V2)', () => {
    expect(find(`${UPDATE}\n5000 s>c (watermark)`)).toEqual(['unanswered high 1']);
  });

  it('the same by the next message, and by the end of the session', () => {
    expect(find(`${UPDATE}\n6000 s>c rate_limits.updated`)).toEqual(['unanswered high 1']);
    expect(find(UPDATE, { endMs: 6000 })).toEqual(['unanswered high 1']);
  });

  it('other values than were asked for, leaf by leaf (V3)', () => {
    const [found] = findIn(`${UPDATE}\n${echo(20, { ...AS_ASKED, audio: { output: { voice: 'alloy' } } })}`);
    expect(found).toMatchObject({ variant: 'different', severity: 'high', evidence: [1, 2] });
    expect(found?.values['differences']).toEqual([{ path: 'audio.output.voice', requested: 'marin', effective: 'alloy' }]);
  });

  it('other values after a loss, once an update was confirmed, also one that the answer to a lost update passed by', () => {
    const confirmed = `0 s>c (loss)\n${UPDATE}\n${echo(10, { instructions: 'Lost.' })}\n${echo(20, AS_ASKED)}`;
    const next = `30 c>s session.update {"session":{"instructions":"Be long."}}\n${echo(40, AS_ASKED)}`;
    expect(find(`${confirmed}\n${next}`)).toEqual(['different high 5 6']);
  });

  it('other values of any length, without keeping them', () => {
    const state = openScripted();
    const rules = openRules();
    const long = 'a'.repeat(250_000);
    const text = UPDATE.replace('Be brief.', long);
    for (const line of script(`${text}\n${echo(20, { ...AS_ASKED, instructions: `${long}b` })}`)) {
      const event = toFoldEvent(state, state.row.lastSeq + 1, { ...line, text: JSON.stringify(line.event) });
      foldEvent(state, event);
      detectEvent(rules, state, event);
    }
    // The update itself, to be compared with answers to come, and at most 16,384 of what differs.
    expect(JSON.stringify(rules.runs['rejected-config']).length).toBeLessThan(250_000 + 18_000);
    expect(find(`${text}\n${echo(20, { ...AS_ASKED, instructions: 'Hi.' })}`)).toEqual(['different high 1 2']);
  });

  it('what the answer does not speak of, less', () => {
    expect(find(`${UPDATE}\n${echo(20, { instructions: 'Be brief.' })}`)).toEqual(['different medium 1 2']);
  });

  it.each([
    [
      'a voice that cannot change any more, though the error names nothing',
      'cannot_update_voice',
      null,
      ['default critical 1 2'],
    ],
    [
      'the oldest that speaks of the parameter, where the error names an event that nobody sent',
      'x',
      'event_TODO',
      ['default critical 1 2'],
    ],
  ])('an update: %s', (_, code, event_id, expected) => {
    const param = event_id === null ? null : 'session.audio.output.voice';
    expect(find(`${UPDATE}\n${REFUSED({ code, event_id, param })}\n9000 s>c (watermark)`)).toEqual(expected);
  });

  it('an update of a type that the server does not know', () => {
    const beta = UPDATE.replace('session.update', 'transcription_session.update').replace(' e1', '');
    const message =
      "Invalid value: 'transcription_session.update'. Supported values are: 'session.update' and 'response.create'.";
    expect(find(`${beta}\n${REFUSED({ param: 'type', message })}\n9000 s>c (watermark)`)).toEqual(['default critical 1 2']);
    const other = message.replace('transcription_session.update', 'input_text');
    expect(find(`${UPDATE}\n${REFUSED({ param: 'type', message: other })}\n${echo(30, AS_ASKED)}`)).toEqual([]);
  });

  it('a refusal that names an update of elsewhere, and leaves the open one open', () => {
    const text = `${UPDATE}\n${REFUSED({ event_id: 'event_e0', param: 'session.tools' })}\n${echo(30, AS_ASKED)}`;
    expect(find(text)).toEqual(['default critical 2']);
  });

  it('an error that comes twice once', () => {
    const error = REFUSED({ event_id: 'event_e1', param: 'session.type' }).replace('{', '{"event_id":"event_9",');
    expect(find(`${UPDATE}\n${error}\n${error}`)).toEqual(['default critical 1 2']);
    const nameless = error.replace('"event_id":"event_e1",', '');
    const next = '5 c>s session.update {"session":{"instructions":"Be long."}}';
    expect(find(`${UPDATE}\n${next}\n${nameless}\n${nameless}\n9000 s>c (watermark)`)).toEqual([
      'default critical 1 3',
      'unanswered high 2',
    ]);
  });

  it('two errors with one id that complain of different fields', () => {
    const error = (param: string) => REFUSED({ param }).replace('{', '{"event_id":"event_9",');
    const next = '5 c>s session.update {"session":{"instructions":"Be long."}}';
    const text = `${UPDATE}\n${next}\n${error('session.audio.output.voice')}\n${error('session.instructions')}`;
    expect(find(`${text}\n9000 s>c (watermark)`)).toEqual(['default critical 1 3', 'default critical 2 4']);
  });

  it('a refusal on a connection that was made anew, whose ids begin anew too', () => {
    const error = REFUSED({ event_id: 'event_e1', param: 'session.type' }).replace('{', '{"event_id":"event_9",');
    const connection = (id: string) => `0 s>c session.created {"session":{"id":"${id}"}}\n${UPDATE}\n${error}`;
    expect(find(`${connection('sess_1')}\n${connection('sess_2')}\n9000 s>c (watermark)`)).toEqual([
      'default critical 2 3',
      'default critical 5 6',
    ]);
  });

  it('a refusal in a translation session, and in the Live API', () => {
    expect(find(`${UPDATE}\n${REFUSED({ param: 'session.audio' })}`, { capture: { path: '/v1/realtime/translations' } })).toEqual(
      ['default critical 1 2'],
    );
    expect(find(REFUSED({ param: 'session.foo' }), { capture: { path: '/v1/live/sessions' } })).toEqual(['default critical 1']);
  });

  it('a late answer, which is then not taken for that of the next update', () => {
    const text = `${UPDATE}\n5500 c>s session.update {"session":{"instructions":"Be long."}}\n${echo(6000, AS_ASKED)}`;
    expect(find(`${text}\n${echo(6100, { instructions: 'Be long.' })}\n20000 s>c (watermark)`)).toEqual(['unanswered high 1']);
  });

  it('other values in an imported file less: its writer may have changed them', () => {
    const text = `${UPDATE}\n${echo(20, { ...AS_ASKED, audio: '[Object]' })}`;
    expect(find(text, { capture: { mode: 'import' } })).toEqual(['different medium 1 2']);
  });

  it('what the last of such updates came out as, once its own answer is there', () => {
    const others =
      '5 c>s session.update {"session":{"tracing":"auto"}}\n6 c>s session.update {"session":{"instructions":"Be long."}}';
    const answers = [20, 21, 22].map((ms) => echo(ms, AS_ASKED)).join('\n');
    expect(find(`${UPDATE}\n${others}\n${answers}\n20000 s>c (watermark)`)).toEqual(['different high 3 6']);
  });

  it('other values after a loss once an update was confirmed', () => {
    const next = '30 c>s session.update {"session":{"instructions":"Be long."}}';
    expect(find(`0 s>c (loss)\n${UPDATE}\n${echo(20, AS_ASKED)}\n${next}\n${echo(40, AS_ASKED)}`)).toEqual([
      'different high 4 5',
    ]);
  });

  it('other values once no other answer came in time, or none can come', () => {
    const text = `${UPDATE}\n${echo(20, { instructions: 'Hi.' })}`;
    expect(findIn(`${text}\n5019 s>c (watermark)\n5020 s>c (watermark)`)).toMatchObject([{ variant: 'different', at: at(20) }]);
    const anew = ['sess_1', 'sess_2'].map((id) => `30 s>c session.created {"session":{"id":"${id}"}}`).join('\n');
    expect(find(`${text}\n${anew}`)).toEqual(['different high 1 2']);
    const corrected = `${UPDATE.replace(/^0/, '40')}\n${echo(50, AS_ASKED)}`;
    expect(find(`${text}\n${corrected}\n9000 s>c (watermark)`)).toEqual(['different high 1 2']);
  });

  it('a refusal of an update that an answer to another seemed to have changed, once', () => {
    const text = `${UPDATE}\n${echo(10, { instructions: 'Theirs.' })}\n${REFUSED({ event_id: 'event_e1', param: 'session.type' })}`;
    expect(find(`${text}\n9000 s>c (watermark)`)).toEqual(['default critical 1 3']);
  });

  it('a refusal that names the update by an id of any length', () => {
    const id = 'e'.repeat(300);
    const text = `${UPDATE.replace('{', `{"event_id":"${id}",`)}\n${REFUSED({ event_id: id })}\n9000 s>c (watermark)`;
    expect(find(text)).toEqual(['default critical 1 2']);
  });

  it('a refusal that names the update by an id that no database can hold', () => {
    const text = `${UPDATE.replace('{', '{"event_id":"e\\u00001",')}\n${REFUSED({ event_id: 'e\0' + '1' })}\n9000 s>c (watermark)`;
    expect(find(text)).toEqual(['default critical 1 2']);
  });

  it('other values before messages were lost, whether or not time was seen to pass before', () => {
    const text = `${UPDATE}\n${echo(10, { instructions: 'Theirs.' })}`;
    const lost = '50000 s>c (loss)\n60000 s>c (watermark)';
    const late = findIn(`${text}\n${lost}`);
    expect(late).toMatchObject([{ variant: 'different', severity: 'high', evidence: [1, 2] }]);
    expect(late).toEqual(findIn(`${text}\n6000 s>c (watermark)\n${lost}`));
  });

  it('no update that is overdue, by a parameter that lacks the `session.` in front', () => {
    const text = `${UPDATE}\n6000 c>s response.cancel\n${REFUSED({ param: 'instructions' }).replace(/^20/, '6010')}`;
    expect(find(text)).toEqual(['unanswered high 1']);
  });

  it('a refusal whose parameter lacks the `session.` in front', () => {
    const request = '5 c>s response.create {"response":{"instructions":"Hi."}}';
    expect(find(`${UPDATE}\n${request}\n${REFUSED({ param: 'audio.output.voice' })}`)).toEqual(['default critical 1 3']);
    expect(find(`${UPDATE}\n${REFUSED({ param: 'audio.output.voice' })}\n9000 s>c (watermark)`)).toEqual([
      'default critical 1 2',
    ]);
  });

  it('two at once', () => {
    const text = `${UPDATE}\n${UPDATE.replace('e1', 'e2')}\n${REFUSED({ event_id: 'event_e2' })}\n${REFUSED({ event_id: 'event_e1' })}`;
    expect(find(text)).toEqual(['default critical 2 3', 'default critical 1 4']);
  });

  it('other values beside a call less: the answer may be that to the other party', () => {
    const text = `${UPDATE}\n${echo(10, { instructions: 'Hi.', audio: { output: { voice: 'marin' } } })}`;
    expect(find(text, { capture: { query: { call_id: 'rtc_1' } } })).toEqual(['different medium 1 2']);
  });

  it('a refusal in a sentence of its own', () => {
    expect(findIn(`${UPDATE}\n${REFUSED({ param: 'session.type', message: 'No such field' })}`)).toMatchObject([
      { values: { message: 'No such field.' } },
    ]);
  });

  it('silence in an imported file less: its writer may have left the answer out', () => {
    expect(find(`${UPDATE}\n5000 s>c (watermark)`, { capture: { mode: 'import' } })).toEqual(['unanswered medium 1']);
  });
});
