import { expect, test } from 'vitest';
import { roomAt } from './room.ts';

// The reserve of 1,600 bytes is 100, so the marks are 1,350 (tight) and 1,500 (full).
test.each([
  [1349, 'room', 'room'],
  [1350, 'room', 'tight'],
  [1499, 'tight', 'tight'],
  [1500, 'tight', 'full'],
  [1400, 'full', 'full'],
  [1394, 'full', 'tight'],
  [1280, 'tight', 'tight'],
  [1274, 'tight', 'room'],
  [0, 'full', 'room'],
] as const)('at %d bytes coming from %s is %s', (bytes, before, expected) => {
  expect(roomAt(bytes, 1600, before)).toBe(expected);
});
