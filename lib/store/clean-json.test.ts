import { expect, test } from 'vitest';
import type { Json } from '#lib/base/json.ts';
import { cleanJson, cleanJsonOrNull } from './clean-json.ts';

test('ordinary JSON is printed as it is', () => {
  const value = { a: [1, null, 'x'], b: { c: true } };
  expect(cleanJson(value)).toBe(JSON.stringify(value));
  expect(cleanJsonOrNull(null)).toBeNull();
});

test('NUL and lone surrogates are replaced, in values and in keys', () => {
  expect(JSON.parse(cleanJson({ 'a\0': ['\ud800', 'fine'] }))).toEqual({ 'a␀': ['�', 'fine'] });
});

test('a text that only looks like an escape is left alone', () => {
  expect(JSON.parse(cleanJson({ a: '\\u0000' }))).toEqual({ a: '\\u0000' });
});

test('what nests too deep is replaced by a sentence', () => {
  let deep: Json = 'bottom';
  for (let level = 0; level < 5000; level += 1) deep = { deep };
  expect(cleanJson(deep)).toContain('left out: nested too deep');
  expect(cleanJson(deep).length).toBeLessThan(2000);
});

test('what is too long is replaced by a sentence', () => {
  expect(JSON.parse(cleanJson({ a: 'x'.repeat(5 * 1024 ** 2) }))).toEqual({
    leftOut: expect.stringContaining('longer than is kept'),
  });
});

test('numbers beyond all are null', () => {
  expect(cleanJson({ a: JSON.parse('1e400') })).toBe('{"a":null}');
});
