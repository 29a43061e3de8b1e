import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '#lib/base/durations.ts';
import { chosenPart, defaultSpan, SPANS, spanUpTo } from './span-params.ts';

const NOW = Date.UTC(2026, 10, 21, 14, 33, 12);
const DAY = spanUpTo(NOW, '24h');

test('a span ends with the part that runs now and holds whole parts', () => {
  expect(DAY).toEqual({ fromMs: Date.UTC(2026, 10, 20, 15), toMs: Date.UTC(2026, 10, 21, 15) });
  for (const { lengthMs, partMs } of Object.values(SPANS)) expect(lengthMs % partMs).toBe(0);
});

test('the first hour of a new installation is shown closely, a day of it from then on', () => {
  expect(defaultSpan(NOW - HOUR_MS + 1, NOW)).toBe('1h');
  expect(defaultSpan(NOW - HOUR_MS, NOW)).toBe('24h');
});

test('a chosen part is widened to whole parts and stays inside the span', () => {
  const part = chosenPart(DAY, HOUR_MS, new Date(Date.UTC(2026, 10, 21, 9, 20)), new Date(Date.UTC(2026, 10, 21, 10, 1)));
  expect(part).toEqual({ fromMs: Date.UTC(2026, 10, 21, 9), toMs: Date.UTC(2026, 10, 21, 11) });
  expect(chosenPart(DAY, HOUR_MS, new Date(NOW - 9 * DAY_MS), new Date(NOW + DAY_MS))).toEqual(DAY);
});

test.each([
  ['nothing', null, null],
  ['a time that is over', new Date(NOW - 5 * DAY_MS), new Date(NOW - 4 * DAY_MS)],
  ['an end before its beginning', new Date(NOW - HOUR_MS), new Date(NOW - 6 * HOUR_MS)],
])('a page that is asked for %s shows all of the span', (_, from, to) => {
  expect(chosenPart(DAY, HOUR_MS, from, to)).toEqual(DAY);
});
