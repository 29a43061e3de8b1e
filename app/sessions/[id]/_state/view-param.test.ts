import { expect, test } from 'vitest';
import { readView, writeView } from './view-param.ts';

test('a view survives the URL, to the millisecond', () => {
  expect(readView(writeView({ from: 12_430_400, to: 18_200_000 }, true), true)).toEqual({ from: 12_430_000, to: 18_200_000 });
  expect(readView(writeView({ from: -2, to: 40 }, false), false)).toEqual({ from: -2, to: 40 });
});

test.each([null, '', 'x~y', '5~5', '9~2', '1~', '1~2~3', '99999999999999~1'])('%s is no view', (text) => {
  expect(readView(text, true)).toBeNull();
});
