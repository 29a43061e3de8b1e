import { expect, test } from 'vitest';
import { EMPTY_USAGE } from '#lib/protocol/usage.ts';
import type { UsageRow } from '#lib/session/sums.ts';
import { usageCsv } from './usage-csv.ts';

const ROW: UsageRow = {
  key: 'gpt-realtime',
  sessions: 2,
  responses: 5,
  completed: 4,
  cancelled: 1,
  turnDetected: 1,
  failed: 0,
  costUsd: 0.5,
  unpriced: 0,
  wastedUsd: 0.1,
  wastedTokens: 40,
  ...EMPTY_USAGE,
};

test('a table has a head and a line per group', () => {
  const [head, line, end] = usageCsv([ROW], 'model').split('\r\n');
  expect(head).toMatch(/^model,sessions,responses,/);
  expect(line).toMatch(/^"gpt-realtime",2,5,4,1,1,0,0\.5,/);
  expect(end).toBe('');
});

test('quotes are doubled, and what a spreadsheet would run is text', () => {
  const lines = usageCsv(
    [
      { ...ROW, key: 'a="b"' },
      { ...ROW, key: '=cmd()' },
      { ...ROW, key: null },
    ],
    'tag',
  ).split('\r\n');
  expect(lines[1]).toMatch(/^"a=""b""",/);
  expect(lines[2]).toMatch(/^"'=cmd\(\)",/);
  expect(lines[3]).toMatch(/^"",/);
});
