import { expect, test } from 'vitest';
import { cleanFloatOrNull, cleanInt, cleanIntOrNull, cleanKey, cleanMicrosOrNull, cleanText, LONGEST_KEY } from './sanitise.ts';

test('text without NUL and lone surrogates stays as it is', () => {
  for (const text of ['', 'plain', 'é音🏳️‍🌈', '\n\t"\\']) expect(cleanText(text)).toBe(text);
});

test('NUL and lone surrogates are replaced by signs that show them', () => {
  expect(cleanText('a\0b')).toBe('a␀b');
  expect(cleanText('\ud800x\udc00')).toBe('�x�');
});

test('a text that is cut in the middle of a pair holds no half of it', () => {
  expect(cleanText('ab🏳️', 3)).toBe('ab�');
});

test('an id of 16 MiB becomes a key of its own that an index takes', () => {
  const long = 'x'.repeat(16 * 1024 ** 2);
  expect(cleanKey(long).length).toBe(LONGEST_KEY);
  expect(cleanKey(long)).toBe(cleanKey(long));
  expect(cleanKey(`${long}y`)).not.toBe(cleanKey(long));
  expect(cleanKey('x'.repeat(LONGEST_KEY))).toBe('x'.repeat(LONGEST_KEY));
});

test('numbers stay inside their columns', () => {
  expect([1e300, -1e300, Number.NaN, 1.9, -1.9, 7].map(cleanInt)).toEqual([2_147_483_647, -2_147_483_647, 0, 1, -1, 7]);
  expect([null, Number.NaN, 3].map(cleanIntOrNull)).toEqual([null, null, 3]);
  expect([null, Number.POSITIVE_INFINITY, Number.NaN, 0.5].map(cleanFloatOrNull)).toEqual([null, null, null, 0.5]);
  expect([null, Number.NaN, 1e300, -1e300, 12.7].map(cleanMicrosOrNull)).toEqual([null, null, null, null, 12]);
});
