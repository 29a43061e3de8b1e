import { expect, test } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { appendRows, openRuns } from '#lib/session/fold-runs.ts';
import type { EventRow } from '#lib/session/view.ts';
import { isRun, lineOf, toLines } from './list-lines.ts';

const TYPES: Record<string, string> = { A: 'response.output_audio.delta', T: 'response.output_audio_transcript.delta' };

/** One letter per event: two kinds of delta, everything else an event of its own. */
function runsOf(text: string) {
  const runs = openRuns();
  const rows = [...text].map(
    (letter, index): EventRow => ({
      seq: index + 1,
      at: (index * 10_000) as WallMicros,
      direction: 'server_to_client',
      type: TYPES[letter] ?? letter,
      canonicalType: TYPES[letter] ?? letter,
      eventId: null,
      responseId: null,
      itemId: 'item_1',
      callId: null,
      byteLength: 100,
      audioBytes: 0,
      format: 'json',
      problem: null,
      flags: [],
      note: null,
    }),
  );
  appendRows(runs, rows);
  return runs;
}

const all = () => true;

test('folded runs are one line each, at the place of their first delta', () => {
  const lines = toLines(runsOf('cATATATd'), all, new Set());
  expect(lines.map((line) => [line.run.fromSeq, isRun(line)])).toEqual([
    [1, false],
    [2, true],
    [3, true],
    [8, false],
  ]);
});

test('an unfolded run shows its deltas below itself', () => {
  const lines = toLines(runsOf('cAAAd'), all, new Set([2]));
  expect(lines.map((line) => line.member)).toEqual([-1, -1, 1, 2, 3, -1]);
});

test('what a filter refuses has no line', () => {
  const lines = toLines(runsOf('cATATATd'), (index) => index !== 0, new Set());
  expect(lines).toHaveLength(3);
});

test('finds the line of an event: its own, its run’s, or its own within an unfolded run', () => {
  const runs = runsOf('cATATATd');
  const folded = toLines(runs, all, new Set());
  expect(lineOf(folded, 0)).toBe(0);
  expect(lineOf(folded, 5)).toBe(1);
  expect(lineOf(folded, 6)).toBe(2);
  expect(lineOf(folded, 7)).toBe(3);
  expect(lineOf(toLines(runs, all, new Set([2])), 5)).toBe(4);
  expect(
    lineOf(
      toLines(runs, (index) => index !== 7, new Set()),
      7,
    ),
  ).toBe(-1);
});
