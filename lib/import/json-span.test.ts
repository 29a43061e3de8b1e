import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementSpans, memberSpans } from './json-span.ts';

test('a member is found letter for letter, white space and escapes included', () => {
  const text = ' { "a" : 1 , "e\\u0076ent" : { "x" : "}\\"]" } ,"b":[1,{"c":2}]}';
  const spans = memberSpans(text);
  const cut = (name: string) => text.slice(spans.get(name)?.start, spans.get(name)?.end);
  expect(cut('a')).toBe('1');
  expect(cut('event')).toBe('{ "x" : "}\\"]" }');
  expect(cut('b')).toBe('[1,{"c":2}]');
});

test('of two members with the same name the last counts, as for JSON.parse', () => {
  const text = '{"event":1,"event":2}';
  const span = memberSpans(text).get('event');
  expect(text.slice(span?.start, span?.end)).toBe('2');
});

test('empty objects and arrays have no parts', () => {
  expect(memberSpans('{}').size).toBe(0);
  expect(elementSpans(' [ ] ')).toEqual([]);
});

test('the parts of any JSON value, cut out and parsed, are the parts of the parsed value', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(4), (array, record, indent) => {
      const arrayText = JSON.stringify(array, null, indent);
      expect(elementSpans(arrayText).map((span) => JSON.parse(arrayText.slice(span.start, span.end)))).toEqual(
        JSON.parse(arrayText),
      );
      const recordText = JSON.stringify(record, null, indent);
      const members = [...memberSpans(recordText)].map(([name, span]) => [
        name,
        JSON.parse(recordText.slice(span.start, span.end)),
      ]);
      expect(new Map(members as [string, unknown][])).toEqual(new Map(Object.entries(JSON.parse(recordText))));
    }),
  );
});
