import { describe, expect, test } from 'vitest';
import { EXAMPLES, parseQuery } from './parse-query.ts';
import { FIELDS, LONGEST_QUERY } from './query.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const micros = (time: string) => Date.parse(time) * 1000;

/** The terms of a query that is right, without their places. */
function termsOf(text: string): object[] {
  const parsed = parseQuery(text, NOW);
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.query.terms.map(({ position, length, ...term }) => term);
}

/** The characters of a query that are wrong. */
function wrongOf(text: string): string[] {
  const parsed = parseQuery(text, NOW);
  return parsed.ok ? [] : parsed.problems.map(({ position, length }) => text.slice(position, position + length));
}

const match = (field: string, value: string, negated = false) => ({ kind: 'match', field, value, negated });
const text = (words: string, isPhrase = false, more = {}) => ({
  kind: 'text',
  text: words,
  isPhrase,
  isId: false,
  negated: false,
  ...more,
});

describe('fields', () => {
  test.each([
    ['provider:azure', match('provider', 'azure')],
    ['model:gpt-realtime*', match('model', 'gpt-realtime*')],
    ['transport:websocket', match('transport', 'websocket')],
    ['dialect:realtime-beta', match('dialect', 'realtime-beta')],
    ['status:Cancelled', match('status', 'cancelled')],
    ['status:live', match('status', 'open')],
    ['reason:turn_detected', match('reason', 'turn_detected')],
    ['rule:missing-delta', match('rule', 'missing-delta')],
    ['tool:get_weather', match('tool', 'get_weather')],
    ['error:unknown_parameter', match('error', 'unknown_parameter')],
    ['tag:env=prod', match('tag', 'env=prod')],
    ['tag:"env=a \\"b\\" \\\\"', match('tag', 'env=a "b" \\')],
    ['tag:env="a b"', match('tag', 'env=a b')],
    ['tag:env=', match('tag', 'env=')],
    ['tag:url=https://example.com:443/a?b="c"', match('tag', 'url=https://example.com:443/a?b=c')],
    ['file:C:\\logs\\a"b', match('file', 'C:\\logs\\a"b')],
    ['file:call.jsonl', match('file', 'call.jsonl')],
    ['PROVIDER:openai', match('provider', 'openai')],
    ['-provider:openai', match('provider', 'openai', true)],
  ])('%s names a value', (query, term) => expect(termsOf(query)).toEqual([term]));

  test.each([
    ['duration:>60s', 'duration', '>', 60_000],
    ['duration:<=1.5m', 'duration', '<=', 90_000],
    ['duration:>=250ms', 'duration', '>=', 250],
    ['duration:<2', 'duration', '<', 2_000],
    ['cost:>0.5', 'cost', '>', 0.5],
    ['duration:>1.5M', 'duration', '>', 90_000],
    ['cost:<$2', 'cost', '<', 2],
    ['cost:>=.5', 'cost', '>=', 0.5],
  ])('%s compares', (query, field, comparison, value) =>
    expect(termsOf(query)).toEqual([{ kind: 'compare', field, comparison, value, negated: false }]),
  );

  test.each([
    ['since:7d', 'since', '2026-11-14T12:00:00Z'],
    ['since:30m', 'since', '2026-11-21T11:30:00Z'],
    ['since:today', 'since', '2026-11-21T00:00:00Z'],
    ['until:yesterday', 'until', '2026-11-21T00:00:00Z'],
    ['since:2026-11-20', 'since', '2026-11-20T00:00:00Z'],
    ['until:2026-11-20', 'until', '2026-11-21T00:00:00Z'],
    ['since:2026-11-20T10:30', 'since', '2026-11-20T10:30:00Z'],
    ['since:2026-11-20T10:30:15+02:00', 'since', '2026-11-20T08:30:15Z'],
    ['since:2026-11-20t10:30z', 'since', '2026-11-20T10:30:00Z'],
    ['since:Today', 'since', '2026-11-21T00:00:00Z'],
    ['until:7D', 'until', '2026-11-14T12:00:00Z'],
    ['since:0d', 'since', '2026-11-21T12:00:00Z'],
    ['since:2030-01-01', 'since', '2030-01-01T00:00:00Z'],
  ])('%s is a moment', (query, field, time) =>
    expect(termsOf(query)).toEqual([{ kind: 'time', field, at: micros(time), negated: false }]),
  );

  test('the example of every field can be read', () => {
    for (const field of FIELDS) expect(termsOf(EXAMPLES[field])).toEqual([expect.objectContaining({ field })]);
  });
});

describe('text', () => {
  test('a word and a phrase in quotes are looked for in what was said', () => {
    expect(termsOf('refund "30 day policy" -"never mind"')).toEqual([
      text('refund'),
      text('30 day policy', true),
      text('never mind', true, { negated: true }),
    ]);
  });

  test.each([
    ...['0199a2c4-7f3e-7abc-8def-0123456789ab', 'sess_CxY12', 'rtc_u1_9', 'resp_ABC', 'item_abc', 'call_9xY', 'event_77a'],
    // Of reasoning, searches, commands and connectors; of providers that have forms of their own; encrypted ones.
    ...['rs_0c72b103', 'ws_b7b464ea-cc85-d44a', 'mcpr_04a97b4f', 'xs_call_24148162', '274d45b6e5e84b8ab8da2235d5e6aa6d'],
    ...['call-2bef41fa-3091-4ced-a7f7-b5ade68841cf-1', 'capture-id-1', `x7/Ab+${'c'.repeat(400)}==`],
  ])('%s is taken for an id', (id) => expect(termsOf(id)).toEqual([text(id, false, { isId: true })]));

  test.each(['refund', 'follow-up', 'ops@example.com', '3.14', 'weather/today'])('%s is taken for a word', (word) =>
    expect(termsOf(word)).toEqual([text(word)]),
  );

  test('a dash inside a word or alone negates nothing', () => {
    expect(termsOf('follow-up')).toEqual([text('follow-up')]);
    expect(wrongOf('a - b')).toEqual(['-']);
  });

  test('a letter is the same letter, however it was typed', () => {
    expect(termsOf('cafe\u0301 "re\u0301sume\u0301 sent"')).toEqual([text('café'), text('résumé sent', true)]);
    expect(termsOf('tag:name=Rene\u0301')).toEqual(termsOf('tag:name=René'));
  });

  test('nothing asks for nothing', () => expect(termsOf(' \t ')).toEqual([]));
});

describe('what is wrong is pointed at', () => {
  test.each([
    ['colour:red', 'colour:'],
    ['refund -modle:x', 'modle:'],
    ['a provider:', 'provider:'],
    ['a status:odd b', 'odd'],
    ['duration:60s', '60s'],
    ['duration:>$60', '>$60'],
    ['cost:>2s', '>2s'],
    ['since:soon', 'soon'],
    ['since:2026-02-31', '2026-02-31'],
    ['since:999999w', '999999w'],
    ['duration:>', '>'],
    ['duration:>-1s', '>-1s'],
    ['duration:10s..60s', '10s..60s'],
    ['duration:>NaN', '>NaN'],
    ['duration:>Infinity', '>Infinity'],
    ['cost:>1e999', '>1e999'],
    ['cost:$0.5', '$0.5'],
    ['cost:>0,5', '>0,5'],
    ['cost:>.', '>.'],
    ['since:-1d', '-1d'],
    ['since:99999999999d', '99999999999d'],
    ['since:2026-11-20T25:00', '2026-11-20T25:00'],
    ['since:2026-11-20T10:00+99:00', '2026-11-20T10:00+99:00'],
    ['tag:""', 'tag:""'],
    ['tag:env="a b', 'env="a b'],
    ['say "refund pol', '"refund pol'],
    ['""', '""'],
    ['😀', '😀'],
    ['*', '*'],
    ['since:1d until:2d', 'until:2d'],
    ['%', '%'],
    ["'; --", "';"],
    ['a\0b', '\0'],
  ])('in %j', (query, wrong) => expect(wrongOf(query)[0]).toBe(wrong));

  test('all that is wrong, in order', () => expect(wrongOf('x:1 cost:y z:2')).toEqual(['x:', 'y', 'z:']));

  test('a query that is too long, and one of too many terms', () => {
    expect(wrongOf('a'.repeat(10_000))).toEqual(['a'.repeat(10_000 - LONGEST_QUERY)]);
    expect(wrongOf('a '.repeat(31))).toEqual(['a']);
  });
});

test('whatever is typed is answered at once, and never thrown back', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const pieces = [
    '"',
    '\\',
    '-',
    ':',
    '*',
    '%',
    "'",
    ';',
    ' ',
    'a',
    'tag:',
    'cost:>',
    'since:',
    '\ud800',
    '退款',
    '((a+)+)+$',
    '\u202e',
    '{}',
  ];
  for (let round = 0; round < 2_000; round += 1) {
    const query = Array.from({ length: random(40) }, () => pieces[random(pieces.length)]).join('');
    const parsed = parseQuery(query, NOW);
    if (parsed.ok) continue;
    for (const { position, length } of parsed.problems) {
      expect(length).toBeGreaterThan(0);
      expect(position + length).toBeLessThanOrEqual(query.length);
    }
  }
});
