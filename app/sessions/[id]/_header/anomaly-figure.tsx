'use client';

import { SEVERITIES } from '#lib/rules/rule.ts';
import type { AnomalyCounts, AnomalyView, Severity } from '#lib/session/view.ts';
import { SeverityMark } from '../../../_ui/severity-mark.tsx';
import { firstProofs } from '../_state/stops.ts';
import { useShowNext } from '../_tabs/use-show-next.ts';

interface AnomalyFigureProps {
  readonly counts: AnomalyCounts;
  /** Null while they are read. */
  readonly anomalies: readonly AnomalyView[] | null;
}

/** Anomalies by severity; a click leads to the first of them, a further one to the next. */
export function AnomalyFigure({ counts, anomalies }: AnomalyFigureProps) {
  const showNext = useShowNext();
  const proofsOf = (severity: Severity) => firstProofs((anomalies ?? []).filter((each) => each.severity === severity));
  const found = SEVERITIES.filter((severity) => counts[severity] > 0);
  return (
    <div className="flex items-baseline gap-1.5">
      <dt className="text-faint">Anomalies</dt>
      <dd className="flex items-baseline gap-1 font-medium">
        {found.length === 0 ? '0' : null}
        {found.map((severity) => (
          <button
            key={severity}
            type="button"
            onClick={() => showNext(proofsOf(severity))}
            title={`To the next of severity ${severity} (n)`}
            className="-my-1 rounded hover:opacity-80"
          >
            <SeverityMark severity={severity} count={counts[severity]} />
          </button>
        ))}
      </dd>
    </div>
  );
}
