import { describe, expect, it } from 'vitest';
import { findIn, findingsOf } from '#tests/support/rule-run.ts';

const find = (text: string, options = {}) => findingsOf('failed-response', text, options);

const failed = (r: string, error: unknown) =>
  `5 s>c response.done ${r} ${JSON.stringify({ response: { status: 'failed', status_details: { type: 'failed', error } } })}`;

describe('is quiet', () => {
  it.each([
    ['about nothing', ''],
    ['about a response that completed', '0 s>c response.done r1 {"response":{"status":"completed"}}'],
    [
      'about one that was cut short',
      '0 s>c response.done r1 {"response":{"status":"incomplete","status_details":{"reason":"max_output_tokens"}}}',
    ],
    ['about an error event, which is no response', '0 s>c error {"error":{"type":"server_error","message":"failed"}}'],
    ['where the session ends while the response is open', '0 s>c response.created r1'],
    ['about types that the catalogue does not know', '0 s>c response.gone r1 {"response":{"status":"failed"}}'],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([]);
  });
});

describe('reads a Responses stream', () => {
  const RESPONSES = { capture: { path: '/v1/responses' } };
  const created = '- s>c response.created r1 sequence_number=0 {"response":{"object":"response"}}';
  const bare = '- s>c error sequence_number=1 code=server_error message=Sorry';
  const ended = (status: string) => `- s>c response.${status} r1 sequence_number=2 {"response":{"status":"${status}"}}`;

  it.each([
    ['an error in place of the end', [created, bare], ['stream high 2']],
    [
      'a nested error in place of the end',
      [created, '- s>c error {"error":{"code":"server_error","message":"Sorry"}}'],
      ['stream high 2'],
    ],
    ['an error and the end that follows it, once', [created, bare, ended('failed')], ['stream high 2']],
    ['nothing of an error after the end', [created, ended('completed'), bare], []],
    ['nothing of an error that answers a request', [created, '- s>c error status=400 {"error":{"code":"x"}}'], []],
  ])('%s', (_, lines, expected) => {
    expect(find(lines.join('\n'), RESPONSES)).toEqual(expected);
  });
});

describe('flags', () => {
  it.each([
    ['whose id a log left out', '0 s>c response.done {"response":{"status":"failed"}}'],
    ['whose details are a text', '0 s>c response.done r1 {"response":{"status":"failed","status_details":"quota is over"}}'],
    ['of which nothing is told but its type', '- s>c response.failed sequence_number=5'],
  ])('a response %s', (_, text) => {
    expect(find(text)).toEqual(['default high 1']);
  });

  it('a failed response, in the words of the provider', () => {
    const [found] = findIn(failed('r1', { type: 'server_error', code: null, message: 'The server had an error.' }));
    expect(found).toMatchObject({ severity: 'high', evidence: [1] });
    expect(found?.values).toEqual({ responseId: 'resp_r1', errorCode: 'server_error', errorMessage: 'The server had an error.' });
  });

  it('two at once, each once however often it is told', () => {
    const text = [failed('r1', null), failed('r2', null), failed('r1', null)].join('\n');
    expect(find(text)).toEqual(['default high 1', 'default high 2']);
  });

  it('a failed response of a stream', () => {
    const text = `- s>c response.created r1 sequence_number=0 {"response":{"object":"response"}}
      - s>c response.failed r1 sequence_number=1 {"response":{"object":"response","status":"failed","error":{"code":"rate_limit_exceeded","message":"Slow down."}}}`;
    expect(findIn(text)).toMatchObject([{ values: { errorCode: 'rate_limit_exceeded', errorMessage: 'Slow down.' } }]);
  });

  it('one after the connection was made again', () => {
    const text = `0 s>c session.created {"session":{"id":"sess_1"}}\n1 s>c session.created {"session":{"id":"sess_2"}}\n${failed('r2', null)}`;
    expect(find(text)).toEqual(['default high 3']);
  });

  it('one whose error is no object: its text is quoted', () => {
    expect(findIn(failed('r1', 'quota'))).toMatchObject([{ values: { errorCode: 'no code given', errorMessage: 'quota.' } }]);
  });
});
