import { afterEach, expect, test, vi } from 'vitest';
import { dropSearch, keepSearch, readSearches } from './kept-searches.ts';

afterEach(() => vi.unstubAllGlobals());

test('of recent searches the newest are kept, of saved ones all, until they are dropped', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
  for (let each = 1; each <= 60; each += 1) for (const shelf of ['recent', 'saved'] as const) keepSearch(shelf, `turns:${each}`);
  expect(readSearches('recent')).toHaveLength(8);
  expect(readSearches('saved')).toHaveLength(60);
  dropSearch('saved', ' turns:60 ');
  expect(readSearches('saved')[0]).toBe('turns:59');
});
