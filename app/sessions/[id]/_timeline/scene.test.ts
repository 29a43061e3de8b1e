import { expect, test } from 'vitest';
import type { Bar } from './scene.ts';
import { barAround } from './scene.ts';

const bar = (label: string, seq: number, toSeq: number, from: number, to: number): Bar => ({
  row: 0,
  look: 'plain',
  colour: 'item',
  mark: null,
  markLabel: '',
  playback: null,
  detail: null,
  label,
  seq,
  toSeq,
  from,
  to,
});

test('the bar around a message is the shortest of those that are a part of the session: no step of usage, no span of evidence', () => {
  const lane = (...bars: Bar[]) => ({ bars, rows: 1 });
  const bars = {
    responses: lane(bar('response', 3, 9, 30, 90)),
    items: lane(bar('item', 4, 8, 40, 80), bar('moment', 5, 5, 50, 50)),
    usage: lane(bar('usage', 9, 9, 90, 95)),
    anomalies: lane(bar('anomaly', 5, 6, 50, 60)),
  };
  expect([2, 3, 5, 9].map((seq) => barAround({ bars }, seq)?.label)).toEqual([undefined, 'response', 'item', 'response']);
});
