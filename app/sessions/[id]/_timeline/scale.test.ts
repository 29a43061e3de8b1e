import { expect, test } from 'vitest';
import { clampView, fitAll, fitSpan, panBy, ticks, toValue, toX, zoomAt } from './scale.ts';

const frame = { left: 100, width: 800 };
const extent = { from: 0, to: 10_000 };

test('a value and its pixel are each other’s inverse', () => {
  const view = { from: 2000, to: 6000 };
  expect(toX(view, frame, 2000)).toBe(100);
  expect(toX(view, frame, 6000)).toBe(900);
  expect(toValue(view, frame, toX(view, frame, 4321))).toBeCloseTo(4321, 6);
});

test('zooming keeps the value under the pointer where it is', () => {
  const view = { from: 0, to: 8000 };
  const before = toX(view, frame, 3000);
  const closer = zoomAt(view, 3000, 0.5, extent, 1);
  expect(closer.to - closer.from).toBeCloseTo(4000, 6);
  expect(toX(closer, frame, 3000)).toBeCloseTo(before, 6);
});

test('nothing zooms closer than the least or farther than everything', () => {
  const near = zoomAt({ from: 0, to: 10 }, 5, 0.0001, extent, 2);
  expect(near.to - near.from).toBeCloseTo(2, 6);
  expect(zoomAt({ from: 0, to: 10_000 }, 5000, 100, extent, 2)).toEqual(fitAll(extent));
});

test('panning stops at the ends', () => {
  const view = { from: 0, to: 1000 };
  expect(panBy(view, -50, extent, 1).from).toBeCloseTo(fitAll(extent).from, 6);
  expect(panBy(view, 50, extent, 1).to).toBeCloseTo(fitAll(extent).to, 6);
});

test('an axis of one moment still has a length', () => {
  const all = fitAll({ from: 5, to: 5 });
  expect(all.to).toBeGreaterThan(all.from);
  expect(clampView({ from: 5, to: 5 }, { from: 5, to: 5 }, 1).to).toBeGreaterThan(5);
});

test('fitting a span leaves air on both sides', () => {
  const view = fitSpan({ from: 4000, to: 5000 }, extent, 10);
  expect(view.from).toBeCloseTo(3850, 6); // 4500 - 1300 / 2
  expect(view.to).toBeCloseTo(5150, 6);
});

test('labelled lines of the ruler keep their distance and are round', () => {
  const view = { from: 0, to: 8000 };
  const major = ticks(view, frame, 80, 'time').filter((tick) => tick.major);
  expect(major.map((tick) => tick.value)).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000]); // 10 ms a pixel × 80
});

test('an order axis has no fractions of an event', () => {
  const found = ticks({ from: 0, to: 4 }, frame, 80, 'order');
  expect(found.every((tick) => Number.isInteger(tick.value))).toBe(true);
});

test('long calls are ruled in whole minutes', () => {
  const found = ticks({ from: 0, to: 3_600_000 }, frame, 80, 'time').filter((tick) => tick.major);
  expect(found.every((tick) => tick.value % 60_000 === 0)).toBe(true);
});
