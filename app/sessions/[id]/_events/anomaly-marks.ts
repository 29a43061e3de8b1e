import { renderAnomaly } from '#lib/rules/render.ts';
import { bySeverity } from '#lib/rules/rule.ts';
import type { Column } from '#lib/session/timeline-axis.ts';
import { firstAtLeast } from '#lib/session/timeline-axis.ts';
import type { AnomalyView, Severity } from '#lib/session/view.ts';
import type { ListLine } from './list-lines.ts';
import { holds, indexOfLine, isRun } from './list-lines.ts';

/** What a line of the list proves. */
export interface LineMark {
  readonly severity: Severity;
  readonly title: string;
}

/** The messages that prove anomalies: their indexes in the log, ascending, and what each proves; where it is several, worst first. */
interface Proofs {
  readonly indexes: Column;
  readonly marks: readonly LineMark[];
}

/** Puts the messages that prove anomalies in order. `indexOf` gives a message's index in the log, or -1 where it is not recorded. */
export function proofsOf(anomalies: readonly AnomalyView[], indexOf: (seq: number) => number): Proofs {
  const proofs = anomalies
    .flatMap((anomaly) => {
      const mark: LineMark = { severity: anomaly.severity, title: renderAnomaly(anomaly).title };
      return anomaly.evidence.map((seq) => ({ index: indexOf(seq), mark }));
    })
    .filter(({ index }) => index >= 0)
    .sort((left, right) => left.index - right.index || bySeverity(left.mark, right.mark));
  const values = Float64Array.from(proofs, ({ index }) => index);
  return { indexes: { values, length: values.length }, marks: proofs.map(({ mark }) => mark) };
}

/** The worst of what a line proves; a folded run proves what its members do. */
export function markOfLine({ indexes, marks }: Proofs, line: ListLine): LineMark | null {
  const first = indexOfLine(line);
  const last = isRun(line) ? (line.run.indexes.at(-1) as number) : first;
  let worst: LineMark | null = null;
  for (let at = firstAtLeast(indexes, first); at < indexes.length; at += 1) {
    const [index, mark] = [indexes.values[at] as number, marks[at] as LineMark];
    if (index > last) break;
    if ((worst === null || bySeverity(mark, worst) < 0) && holds(line.run, index)) worst = mark;
  }
  return worst;
}
