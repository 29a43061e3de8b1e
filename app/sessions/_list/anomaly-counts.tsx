import { SEVERITIES } from '#lib/rules/rule.ts';
import type { AnomalyCounts } from '#lib/session/view.ts';
import { SeverityMark } from '../../_ui/severity-mark.tsx';

/** Anomalies by severity: the worst in words, the others as counts in their colours. */
export function AnomalyCountMarks({ counts }: { readonly counts: AnomalyCounts }) {
  const [worst, ...others] = SEVERITIES.filter((severity) => counts[severity] > 0);
  if (worst === undefined) return <span className="text-faint">–</span>;
  return (
    <span className="flex gap-1">
      <SeverityMark severity={worst} count={counts[worst]} />
      {others.map((severity) => (
        <SeverityMark key={severity} severity={severity} count={counts[severity]} isShort />
      ))}
    </span>
  );
}
