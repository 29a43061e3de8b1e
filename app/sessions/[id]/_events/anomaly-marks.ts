import { renderAnomaly } from '#lib/rules/render.ts';
import { SEVERITIES } from '#lib/rules/rule.ts';
import type { AnomalyView, Severity } from '#lib/session/view.ts';
import type { ListLine } from './list-lines.ts';
import { indexOfLine, isRun } from './list-lines.ts';

/** What a line of the list proves. */
export interface LineMark {
  readonly severity: Severity;
  readonly title: string;
}

/** A message that proves an anomaly: its index in the log. */
interface Proof extends LineMark {
  readonly index: number;
}

/** The messages that prove anomalies, worst first. `indexOf` gives a message's index in the log, or -1 where it is not recorded. */
export function proofsOf(anomalies: readonly AnomalyView[], indexOf: (seq: number) => number): readonly Proof[] {
  return anomalies
    .toSorted((left, right) => SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity))
    .flatMap((anomaly) => {
      const { title } = renderAnomaly(anomaly);
      const indexes = anomaly.evidence.map(indexOf).filter((index) => index >= 0);
      return indexes.map((index) => ({ index, severity: anomaly.severity, title }));
    });
}

/** The worst of what a line proves; a folded run proves what its members do. */
export function markOfLine(proofs: readonly Proof[], line: ListLine): LineMark | null {
  const first = indexOfLine(line);
  const last = isRun(line) ? (line.run.indexes.at(-1) as number) : first;
  const inReach = proofs.filter(({ index }) => index >= first && index <= last);
  return inReach.find(({ index }) => index === first || line.run.indexes.includes(index)) ?? null;
}
