import { expect, test } from 'vitest';
import { eventRows } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';
import { RowCache } from './row-cache.ts';

test('everybody who shows rows hears of those that somebody else asked for', () => {
  const cache = new RowCache();
  const heard: number[] = [];
  const leave = cache.subscribe(() => heard.push(cache.version));
  expect(cache.claim(0)).toBe(true);
  expect(cache.claim(0)).toBe(false);
  cache.put(eventRows(script('0 s>c ping')));
  expect(cache.get(1)?.type).toBe('ping');
  cache.release(0);
  expect(cache.claim(0)).toBe(true);
  leave();
  cache.put([]);
  expect(heard).toEqual([1, 2]);
});
