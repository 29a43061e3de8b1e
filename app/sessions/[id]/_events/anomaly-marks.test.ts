import { expect, test } from 'vitest';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import { appendRows, openRuns } from '#lib/session/fold-runs.ts';
import type { AnomalyView, Severity } from '#lib/session/view.ts';
import { eventRows } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';
import { markOfLine, proofsOf } from './anomaly-marks.ts';
import { toLines } from './list-lines.ts';

function anomaly(severity: Severity, evidence: readonly number[]): AnomalyView {
  const [fromSeq = 1, toSeq = fromSeq] = [evidence[0], evidence.at(-1)];
  return {
    sessionId: '' as SessionId,
    id: `${severity} ${evidence}`,
    ruleId: 'x',
    ruleVersion: 1,
    variant: 'default',
    fingerprint: '',
    at: null,
    lastSeq: toSeq,
    values: {},
    state: 'open',
    mutedUntil: null,
    stateChangedAt: null,
    foundAt: 0 as WallMicros,
    severity,
    evidence,
    fromSeq,
    toSeq,
  };
}

const ROWS = eventRows(
  script(`
    0   c>s  response.create
    10  s>c  response.created            r1
    20  s>c  response.output_text.delta  r1 i1 delta=a
    30  s>c  response.output_text.delta  r1 i1 delta=b
    40  s>c  response.output_text.delta  r1 i1 delta=c
    50  s>c  response.done               r1`),
);

test('a line shows the worst of what it proves, a folded run what its members prove', () => {
  const runs = openRuns();
  appendRows(runs, ROWS);
  const proofs = proofsOf([anomaly('medium', [2, 4]), anomaly('high', [4]), anomaly('low', [99])], (seq) =>
    seq > 6 ? -1 : seq - 1,
  );
  const severities = (open: ReadonlySet<number>) =>
    toLines(runs, () => true, open).map((line) => markOfLine(proofs, line)?.severity ?? '-');
  expect(severities(new Set())).toEqual(['-', 'medium', 'high', '-']);
  expect(severities(new Set([3]))).toEqual(['-', 'medium', 'high', '-', 'high', '-', '-']);
});
