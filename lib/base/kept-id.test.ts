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
