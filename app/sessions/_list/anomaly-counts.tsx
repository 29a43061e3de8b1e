import { SEVERITIES } from '#lib/rules/rule.ts';
import type { AnomalyCounts } from '#lib/session/view.ts';
import { SeverityMark } from '../../_ui/severity-mark.tsx';

/** Anomalies by severity: the worst in words, how many others there are beside. */
export function AnomalyCountMarks({ counts }: { readonly counts: AnomalyCounts }) {
  const [worst, ...others] = SEVERITIES.filter((severity) => counts[severity] > 0);
  if (worst === undefined) return <span className="text-faint">–</span>;
  return (
    <span className="flex items-center gap-1.5">
      <SeverityMark severity={worst} count={counts[worst]} />
      {others.length === 0 ? null : (
        <span className="text-2xs text-faint">
          +{others.reduce((sum, severity) => sum + counts[severity], 0)}
          <span className="sr-only"> less severe</span>
        </span>
      )}
    </span>
  );
}
