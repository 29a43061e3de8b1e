import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WallMicros } from './brand.ts';
import { fromIsoTime, toIsoTime } from './wall-time.ts';

test('a wall time survives its text to the microsecond', () => {
  expect(toIsoTime(1_795_253_400_123_456 as WallMicros)).toBe('2026-11-21T09:30:00.123456Z');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e15 }), (micros) => {
      expect(fromIsoTime(toIsoTime(micros as WallMicros))).toBe(micros);
    }),
  );
});

test('other precisions and offsets are read; other texts are no time', () => {
  expect(fromIsoTime('2026-11-21T10:30:00+01:00')).toBe(1_795_253_400_000_000);
  expect(fromIsoTime('2026-11-21T09:30:00.1234567Z')).toBe(1_795_253_400_123_456);
  expect(fromIsoTime('21 November 2026')).toBeNull();
  expect(fromIsoTime('2026-99-99T00:00:00Z')).toBeNull();
});
