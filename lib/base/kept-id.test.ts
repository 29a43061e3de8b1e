import { expect, test } from 'vitest';
import { keptId, keptIdOrNull, MAX_ID, storable } from './kept-id.ts';

test('an id that a column can hold is kept as it came', () => {
  for (const id of ['item_1', '', 'x'.repeat(MAX_ID), '退款😀']) expect(keptId(id)).toBe(id);
});

test('of others a beginning is kept, and what tells them apart', () => {
  const kept = [`${'x'.repeat(MAX_ID)}1`, `${'x'.repeat(MAX_ID)}2`, 'a\0', 'a\ud800'].map(keptId);
  expect(new Set(kept).size).toBe(kept.length);
  for (const id of kept) expect([id.length <= MAX_ID, storable(id)]).toEqual([true, id]);
});

test('an id that is absent stays so', () => {
  expect([keptIdOrNull(null), keptIdOrNull('item_1')]).toEqual([null, 'item_1']);
});

test('ids are told apart however long they are', () => {
  const [one, two] = [keptId(`${'a'.repeat(500)}1`), keptId(`${'a'.repeat(500)}2`)];
  expect(one).not.toBe(two);
  expect(one.length).toBeLessThanOrEqual(MAX_ID);
  expect(keptId('a\0')).not.toBe(keptId('a\ud800'));
  expect(keptId('x'.repeat(16 * 1024 * 1024)).length).toBeLessThanOrEqual(MAX_ID);
});

test('texts lose NUL and lone surrogates, nothing else', () => {
  expect(storable('a\0b\ud800c')).toBe('a\ufffdb\ufffdc');
  expect(storable('😀é')).toBe('😀é');
});
