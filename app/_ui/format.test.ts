import { expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatClock,
  formatCost,
  formatCostTick,
  formatCount,
  formatDuration,
  formatDurationTick,
  formatMoment,
  formatOffset,
  formatPercent,
  formatPlural,
  formatShort,
} from './format.ts';

test.each([
  [0, '0 ms'],
  [0.4, '0.4 ms'],
  [320.4, '320 ms'],
  [4123, '4.12 s'],
  [41_230, '41.2 s'],
  [125_000, '2:05'],
  [3_725_000, '1:02:05'],
])('a span of %d ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('an unknown span is a dash, not a zero', () => {
  expect(formatDuration(null)).toBe('–');
  expect(formatDuration(Number.NaN)).toBe('–');
  expect(formatOffset(null)).toBe('–');
  expect(formatCost(null)).toBe('–');
});

test.each([
  [12_430, '12.430'],
  [125_118, '2:05.118'],
  [-40, '-0.040'],
])('an offset of %d ms reads %s', (ms, text) => {
  expect(formatOffset(ms)).toBe(text);
});

test('sizes and counts stay short', () => {
  expect(formatBytes(312)).toBe('312 B');
  expect(formatBytes(6400)).toBe('6.4 kB');
  expect(formatBytes(16_777_216)).toBe('16.8 MB');
  expect(formatShort(9999)).toBe('9,999');
  expect(formatShort(12_345)).toBe('12.3k');
  expect(formatShort(1_234_567_890)).toBe('1.2B');
  expect(formatClock(-61_000)).toBe('-1:01');
});

test('one thing is one, and all else are several', () => {
  expect([0, 1, 2, 12_345].map((count) => formatPlural(count, 'turn'))).toEqual(['0 turns', '1 turn', '2 turns', '12.3k turns']);
  expect([1, 12_345].map((count) => formatPlural(count, 'event', formatCount))).toEqual(['1 event', '12,345 events']);
});

test('a cost keeps the digits that matter', () => {
  expect(formatCost(0.00421)).toBe('$0.0042');
  expect(formatCost(1.2749)).toBe('$1.27');
  expect(formatCost(0.00001)).toBe('<$0.0001');
});

test.each([
  [
    [0, 0.2, 0.4, 0.6, 0.8],
    ['$0', '$0.20', '$0.40', '$0.60', '$0.80'],
  ],
  [
    [0, 0.05, 0.1, 0.15000000000000002, 0.2],
    ['$0', '$0.05', '$0.10', '$0.15', '$0.20'],
  ],
  [
    [0, 0.0005, 0.001, 0.0015],
    ['$0', '$0.0005', '$0.0010', '$0.0015'],
  ],
  [
    [0, 3, 6],
    ['$0', '$3', '$6'],
  ],
])('the costs on an axis, %j, have equally many decimals', (ticks, texts) => {
  expect(ticks.map((tick) => formatCostTick(tick, ticks))).toEqual(texts);
});

test('durations on an axis have one unit', () => {
  const texts = (ticks: readonly number[]) => ticks.map((tick) => formatDurationTick(tick, ticks));
  expect(texts([0, 500, 1000, 1500])).toEqual(['0.0 s', '0.5 s', '1.0 s', '1.5 s']);
  expect(texts([0, 150, 300])).toEqual(['0 ms', '150 ms', '300 ms']);
  expect(texts([0, 2.5, 5])).toEqual(['0.0 ms', '2.5 ms', '5.0 ms']);
});

test('a moment in the future, by a clock that is off, reads as now', () => {
  expect(formatAgo(2000, 1000)).toBe('now');
  expect(formatAgo(0, 7_200_000)).toBe('2h ago');
});

test.each([
  [0, '0%'],
  [0.004, '0.4%'],
  [0.05, '5%'],
  [0.123, '12%'],
  [1, '100%'],
  [Number.NaN, '–'],
])('a share of %d reads %s', (share, text) => {
  expect(formatPercent(share)).toBe(text);
});

test('a moment of a day is named in UTC', () => {
  expect(formatMoment(Date.UTC(2026, 10, 21, 14))).toBe('Nov 21, 14:00');
});
