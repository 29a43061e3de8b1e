import { describe, expect, it } from 'vitest';
import { findIn, findingsOf } from '#tests/support/rule-run.ts';

const find = (text: string, options = {}) => findingsOf('unanswered-tool-call', text, options);

const call = (ms: number | '-', c = 'c1', i = 'i1') =>
  `${ms} s>c response.output_item.done r1 ${i} ${c} {"item":{"type":"function_call","name":"get_weather","status":"completed"}}`;
const output = (ms: number | '-', text = '20 °C', c = 'c1') =>
  `${ms} c>s conversation.item.create e1 ${c} ${JSON.stringify({ item: { type: 'function_call_output', output: text } })}`;
const MALFORMED = '2000 c>s conversation.item.create e1 {"item":{"type":"message","role":"tool","content":"20 °C"}}';
const REFUSAL = (eventId: string | null) =>
  `2050 s>c error ${JSON.stringify({
    error: {
      ...{ type: 'invalid_request_error', code: 'missing_required_parameter', param: 'item.call_id' },
      ...{ message: "Missing required parameter: 'item.call_id'.", event_id: eventId },
    },
  })}`;

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
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([]);
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

  it('two at once', () => {
    expect(find(`${call(0)}\n${call(1, 'c2', 'i2')}\n10001 s>c (watermark)`)).toEqual(['default high 1', 'default high 2']);
  });

  it('only the call that was not answered, of two', () => {
    const text = `${call(0)}\n${call(1, 'c2', 'i2')}\n${output(900)}\n950 c>s response.create\n10001 s>c (watermark)`;
    expect(find(text)).toEqual(['default high 2']);
  });

  it('a call that the conversation went on without, in a file that knows no times', () => {
    expect(find(`${call('-')}\n- s>c response.created r2`, { capture: { clock: 'none', mode: 'import' } })).toEqual([
      'default medium 1',
    ]);
  });
});
