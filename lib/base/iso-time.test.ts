import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WallMicros } from './brand.ts';
import { formatIsoMicros, parseIsoMicros } from './iso-time.ts';

test('microseconds survive the way to text and back', () => {
  expect(formatIsoMicros(1_795_313_060_000_125 as WallMicros)).toBe('2026-11-22T02:04:20.000125Z');
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000_000_000, max: 9_000_000_000_000_000 }), (micros) => {
      expect(parseIsoMicros(formatIsoMicros(micros as WallMicros))).toBe(micros);
    }),
  );
});

test('fewer digits are read as what they say, other texts as no time', () => {
  expect(parseIsoMicros('1970-01-01T00:00:01.5Z')).toBe(1_500_000);
  expect(parseIsoMicros('1970-01-01T00:00:01Z')).toBe(1_000_000);
  for (const text of ['', 'yesterday', '1970-01-01', '1970-01-01T00:00:01+02:00', '1970-13-01T00:00:01Z']) {
    expect(parseIsoMicros(text)).toBeNull();
  }
});
