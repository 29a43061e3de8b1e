import { describe, expect, it } from 'vitest';
import { findIn, findingsOf } from '#tests/support/rule-run.ts';

const find = (text: string, options = {}) => findingsOf('unanswered-tool-call', text, options);

const call = (ms: number | '-', c = 'c1', i = 'i1') =>
  `${ms} s>c response.output_item.done r1 ${i} ${c} {"item":{"type":"function_call","name":"get_weather","status":"completed"}}`;
const output = (ms: number | '-', text = '20 °C', c = 'c1') =>
  `${ms} c>s conversation.item.create e1 ${c} ${JSON.stringify({ item: { type: 'function_call_output', output: text } })}`;
const created = (ms: number, r: string) => `${ms} s>c response.created ${r}`;
/** An output that is no text, as `e`; and the refusal of such a one. */
const wrong = (ms: number, c: string, e: string) =>
  `${ms} c>s conversation.item.create ${e} ${c} {"item":{"type":"function_call_output","output":{"celsius":20}}}`;
const refusal = (ms: number, error: object) =>
  `${ms} s>c error ${JSON.stringify({ error: { code: 'invalid_type', message: 'Invalid type.', ...error } })}`;
const MALFORMED = '2000 c>s conversation.item.create e1 {"item":{"type":"message","role":"tool","content":"20 °C"}}';
const REFUSAL = (eventId: string | null) =>
  `2050 s>c error ${JSON.stringify({
    error: {
      type: 'invalid_request_error',
      code: 'missing_required_parameter',
      param: 'item.call_id',
      message: "Missing required parameter: 'item.call_id'.",
      event_id: eventId,
    },
  })}`;

const done = (ms: number, status = 'completed', status_details: object | null = null) =>
  `${ms} s>c response.done r1 ${JSON.stringify({ response: { status, status_details } })}`;

describe('is quiet', () => {
  it.each([
    ['about nothing', ''],
    [
      'about a call that was answered and gone on with',
      `${call(0)}\n${output(900)}\n950 c>s response.create\n1000 s>c response.created r2\n20000 s>c (watermark)`,
    ],
    // 10,000 − 0 ms and 5,000 − 900 ms are not yet over
    ['just under the limit for the output', `${call(0)}\n9999 s>c (watermark)`],
    ['just under the limit for response.create', `${call(0)}\n${output(900)}\n5899 s>c (watermark)`],
    ['where the session ends while the tool works', `${call(0)}\n3000 s>c rate_limits.updated`],
    [
      'about a call that its response left incomplete',
      `${call(0).replace('"completed"', '"incomplete"')}\n20000 s>c (watermark)`,
    ],
    [
      'about a call of a response that was cancelled',
      `${call(0)}\n5 s>c response.done r1 {"response":{"status":"cancelled"}}\n20000 s>c (watermark)`,
    ],
    [
      'where only the server’s echo of the output is seen',
      `${call(0)}\n900 s>c conversation.item.created c1 {"item":{"type":"function_call_output","output":"x"}}\n950 s>c response.created r2\n20000 s>c (watermark)`,
    ],
    ['after messages were lost', `${call(0)}\n1 s>c (loss)\n20000 s>c (watermark)`],
    [
      'about a call outside the conversation, of whose response the beginning was seen before messages were lost',
      `0 s>c response.created r1 {"response":{"conversation_id":null}}\n1 s>c (loss)\n${call(10)}\n20000 s>c (watermark)`,
    ],
    [
      'about a call of a response whose beginning was lost: it may stand outside the conversation',
      `0 s>c (loss)\n${call(10)}\n20000 s>c (watermark)`,
    ],
    [
      'about an output that came before a loss while the model still spoke',
      `0 s>c response.created r1 {"response":{"conversation_id":"conv_1"}}\n1 s>c (loss)\n${call(10)}\n${output(900)}\n7000 s>c (watermark)`,
    ],
    [
      'after the connection was made again',
      `0 s>c session.created {"session":{"id":"sess_1"}}\n${call(0)}\n1 s>c session.created {"session":{"id":"sess_2"}}\n20000 s>c (watermark)`,
    ],
    [
      'about types that the catalogue does not know',
      '0 s>c response.tool.done {"item":{"type":"function_call","call_id":"call_1"}}\n20000 s>c (watermark)',
    ],
    [
      'about the refusal of another item that came after the output',
      `${call(0)}\n${output(900)}\n910 c>s conversation.item.create {"item":{"type":"message"}}\n${REFUSAL(null)}\n2060 c>s response.create`,
    ],
    ['about a file without times in which nothing went on', call('-')],
    [
      'where a fast tool answers before its call is whole, and no echo tells of it',
      `0 s>c response.created r1\n${output(1)}\n${call(2)}\n${done(3)}\n4 c>s response.create\n5 s>c response.created r2\n20000 s>c (watermark)`,
    ],
    [
      'where several calls of a response are gone on with once the slowest is answered',
      `${call(0)}\n${call(1, 'c2', 'i2')}\n${output(500)}\n${output(8000, 'x', 'c2')}\n8010 c>s response.create\n20000 s>c (watermark)`,
    ],
    [
      'where the response that made the call goes on speaking, and only then is response.create due',
      `0 s>c response.created r1\n${call(5)}\n${output(500)}\n${done(9000)}\n9010 c>s response.create\n20000 s>c (watermark)`,
    ],
    [
      'where the user goes on speaking: the end of the turn makes the next response',
      `${call(0)}\n${output(500)}\n900 s>c input_audio_buffer.speech_started\n9000 s>c input_audio_buffer.speech_stopped\n9200 s>c response.created r2\n20000 s>c (watermark)`,
    ],
    [
      'about a call outside the conversation, by which an application asks for data and not for an answer',
      `0 s>c response.created r1 {"response":{"conversation_id":null}}\n${call(5)}\n${done(9)}\n20000 s>c (watermark)`,
    ],
    [
      'about a second call of the same id, whose first output is echoed late',
      `${call(0)}\n${output(500)}\n510 c>s response.create\n600 s>c conversation.item.added c1 {"item":{"type":"function_call_output"}}\n700 s>c response.created r2\n${call(800, 'c1', 'i2').replace('r1', 'r2')}\n900 s>c response.done r2 {"response":{"status":"completed"}}\n${output(8000)}\n8010 c>s response.create\n20000 s>c (watermark)`,
    ],
    [
      'where the output comes within response.create',
      `${call(0)}\n900 c>s response.create {"response":{"input":[{"type":"function_call_output","call_id":"call_c1","output":"x"}]}}\n20000 s>c (watermark)`,
    ],
    [
      'about a call of a response that speech cut off, which some servers call incomplete',
      `${call(0)}\n${done(5, 'incomplete', { reason: 'turn_detected' })}\n20000 s>c (watermark)`,
    ],
    [
      'about the refusal of another item that came before the output, by a field that an output does not have',
      `${call(0)}\n400 c>s conversation.item.create {"item":{"type":"message"}}\n${output(500)}\n550 s>c error {"error":{"param":"item.content[0].type","message":"No."}}\n600 c>s response.create`,
    ],
    [
      'about the refusal of an earlier item, which the error names, where the output has no id',
      `${call(0)}\n400 c>s conversation.item.create e9 {"item":{"type":"massage"}}\n${wrong(500, 'c1', '')}\n${refusal(550, { event_id: 'event_e9', param: 'item.type' })}\n600 c>s response.create`,
    ],
    [
      'about errors that name the output only because the client uses one id for all it sends',
      `${call(0)}\n${output(900)}\n901 c>s response.cancel e1\n${refusal(910, { event_id: 'event_e1', code: 'response_cancel_not_active' })}\n${refusal(911, { event_id: 'event_e1', param: 'item.content[0].type' })}\n${refusal(912, { event_id: 'event_e1', param: 'session.voice' })}\n${refusal(913, { event_id: 'event_e1', param: 'audio_end_ms' })}\n920 c>s response.create`,
    ],
    [
      'about a call that the client took out of the conversation',
      `${call(0)}\n500 c>s conversation.item.delete i1\n550 s>c conversation.item.deleted i1\n20000 s>c (watermark)`,
    ],
    [
      'about the refusal of an output that was sent again, since the first stands',
      `${call(0)}\n${output(900)}\n${output(910).replace('e1', 'e2')}\n${refusal(950, { event_id: 'event_e2', param: 'item.id' })}\n960 c>s response.create\n${created(1000, 'r2')}\n20000 s>c (watermark)`,
    ],
    [
      'where the echo of the output is seen only once it is whole',
      `${call(0)}\n900 s>c conversation.item.done c1 {"item":{"type":"function_call_output","output":"x"}}\n${created(950, 'r2')}\n20000 s>c (watermark)`,
    ],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([]);
  });

  it('about a search that xAI makes itself, and shows as a call of a function that nobody declared', () => {
    const capture = { upstream: 'xai', upstreamKind: 'xai' } as const;
    const tools = [{ type: 'web_search' }, { type: 'function', name: 'get_weather' }];
    const text = `0 c>s session.update ${JSON.stringify({ session: { tools } })}\n${call(5)}\n20000 s>c (watermark)`;
    expect(find(text.replaceAll('"name":"get_weather","status"', '"name":"web_search","status"'), { capture })).toEqual([]);
    expect(find(text, { capture })).toEqual(['default high 2']);
    const nested = text.replace('"name":"get_weather"}]', '"function":{"name":"get_weather"}}]');
    expect(find(nested, { capture })).toEqual(['default high 2']);
  });

  it('about calls of a Responses stream, which are answered elsewhere', () => {
    const item = { type: 'function_call', call_id: 'call_1', id: 'fc_1', status: 'completed' };
    const text = `0 s>c response.output_item.done sequence_number=4 ${JSON.stringify({ item })}\n20000 s>c (watermark)`;
    expect(find(text, { capture: { upstreamKind: null, path: '/v1/responses', transport: 'sse' } })).toEqual([]);
  });
});

describe('flags', () => {
  it('just over the limit: no output in 10,000 ms', () => {
    const text = `${call(0)}\n10000 s>c (watermark)`;
    expect(find(text)).toEqual(['default high 1']);
    expect(findIn(text)).toMatchObject([{ values: { callId: 'call_c1', name: 'get_weather' } }]);
  });

  it('just over the limit: no response.create in 5,000 ms after the output at 900', () => {
    expect(find(`${call(0)}\n${output(900)}\n5900 s>c (watermark)`)).toEqual(['idle high 1 2']);
  });

  it('silence that may be meant, as an explanation: the output is empty', () => {
    expect(find(`${call(0)}\n${output(900, '')}\n5900 s>c (watermark)`)).toEqual(['idle info 1 2']);
  });

  it.each([
    ['the error names the event', 'event_e1'],
    ['the error names only the parameter', null],
  ])('an output that the server refused, in its own words, at once and once; %s', (_, eventId) => {
    const text = `${call(0)}\n${MALFORMED}\n${REFUSAL(eventId)}\n20000 s>c (watermark)`;
    expect(find(text)).toEqual(['malformed high 1 2 3']);
    expect(findIn(text)[0]?.values['error']).toBe("Missing required parameter: 'item.call_id'. (missing_required_parameter)");
  });

  it('an output that was refused after response.create, which clients send right behind it', () => {
    const text = `${call(0)}\n${wrong(900, 'c1', 'e1')}\n901 c>s response.create`;
    const error = refusal(950, { event_id: 'event_e1', param: 'item.output' });
    expect(find(`${text}\n${error}\n${created(1000, 'r2')}\n20000 s>c (watermark)`)).toEqual(['malformed high 1 2 4']);
    const nameless = error.replace('"event_id":"event_e1",', '');
    expect(find(`${text}\n${nameless}\n${created(1000, 'r2')}`)).toEqual(['malformed high 1 2 4']);
  });

  it('each of several outputs that were refused, by the event that the error names', () => {
    const text = `${call(0)}\n${call(1, 'c2', 'i2')}\n${wrong(900, 'c1', 'e1')}\n${wrong(901, 'c2', 'e2')}\n902 c>s response.create`;
    const errors = [1, 2].map((n) => refusal(950, { event_id: `event_e${n}`, param: 'item.output' })).join('\n');
    expect(find(`${text}\n${errors}\n${created(1000, 'r2')}`)).toEqual(['malformed high 1 3 6', 'malformed high 2 4 7']);
  });

  it('an output whose response.create was refused', () => {
    const text = `${call(0)}\n${output(900)}\n910 c>s response.create`;
    const error = refusal(950, { param: 'response.modalities', code: 'unknown_parameter' });
    // 950 + 5000 ms
    expect(find(`${text}\n${error}\n5949 s>c (watermark)`)).toEqual([]);
    expect(find(`${text}\n${error}\n5950 s>c (watermark)`)).toEqual(['idle high 1 2']);
  });

  it.each([
    ['by its message alone', 'Conversation already has an active response in progress: resp_1. Wait.', null],
    ['in the words of another provider', 'Cannot create response while another response is in progress.', 'invalid_value'],
  ])('an output where the server says %s that it will not go on', (_, message, code) => {
    const text = `${call(0)}\n${output(900)}\n910 c>s response.create`;
    const error = `950 s>c error ${JSON.stringify({ error: { code, message, param: null } })}`;
    expect(find(`${text}\n${error}\n5950 s>c (watermark)`)).toEqual(['idle high 1 2']);
  });

  it('an output that is no text as no empty one', () => {
    expect(find(`${call(0)}\n${wrong(900, 'c1', 'e1')}\n5900 s>c (watermark)`)).toEqual(['idle high 1 2']);
  });

  it('a call of a response that began after a loss', () => {
    expect(find(`0 s>c (loss)\n${created(1, 'r1')}\n${call(10)}\n20000 s>c (watermark)`)).toEqual(['default high 3']);
  });

  it('the call of the newest response where a refused output names none, not one that was given up before', () => {
    const later = `${created(12_000, 'r2')}\n${call(12_100, 'c2', 'i2').replace('r1', 'r2')}`;
    const refused = `${MALFORMED.replace('2000', '12200')}\n${REFUSAL(null).replace('2050', '12250')}`;
    expect(find(`${call(0)}\n${later}\n${refused}`)).toEqual(['default high 1', 'malformed high 3 4 5']);
  });

  it('two at once', () => {
    expect(find(`${call(0)}\n${call(1, 'c2', 'i2')}\n10001 s>c (watermark)`)).toEqual(['default high 1', 'default high 2']);
  });

  it('only the call that was not answered, of two', () => {
    const text = `${call(0)}\n${call(1, 'c2', 'i2')}\n${output(900)}\n950 c>s response.create\n10001 s>c (watermark)`;
    expect(find(text)).toEqual(['default high 2']);
  });

  it('a call that xAI announces as an item of the role tool, which is no output', () => {
    const announced = '0 s>c conversation.item.added i1 c1 {"item":{"type":"function_call","role":"tool"}}';
    expect(find(`${announced}\n${call(0)}\n10000 s>c (watermark)`)).toEqual(['default high 2']);
  });

  it('a slow tool, and once more where its late output is not gone on with', () => {
    // 12,000 − 0 ms, then 30,000 − 12,000 ms
    expect(find(`${call(0)}\n${output(12_000)}\n30000 s>c (watermark)`)).toEqual(['default high 1', 'idle high 1 2']);
  });

  it('a response.create that came while the response was still at it, which the server refuses', () => {
    const text = `0 s>c response.created r1\n${call(5)}\n${output(500)}\n510 c>s response.create`;
    // 900 + 5000 ms
    expect(find(`${text}\n${done(900)}\n5899 s>c (watermark)`)).toEqual([]);
    expect(find(`${text}\n${done(900)}\n5900 s>c (watermark)`)).toEqual(['idle high 2 3']);
  });

  it('an output after which only a response outside the conversation came', () => {
    const aside =
      '600 c>s response.create {"response":{"conversation":"none"}}\n700 s>c response.created r2 {"response":{"conversation_id":null}}';
    expect(find(`${call(0)}\n${output(500)}\n${aside}\n20000 s>c (watermark)`)).toEqual(['idle high 1 2']);
  });

  it('two calls of one id, as some providers count them anew in each response', () => {
    const again = call(21_000, 'c1', 'i2').replace('r1', 'r2');
    expect(find(`${call(0)}\n20000 s>c response.created r2\n${again}\n40000 s>c (watermark)`)).toEqual([
      'default high 1',
      'default high 3',
    ]);
  });

  it('a call that the conversation went on without, in a file that knows no times', () => {
    expect(find(`${call('-')}\n- s>c response.created r2`, { capture: { clock: 'none', mode: 'import' } })).toEqual([
      'default medium 1',
    ]);
  });
});
