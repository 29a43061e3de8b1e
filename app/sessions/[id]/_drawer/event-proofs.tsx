'use client';

import { useQueryState } from 'nuqs';
import { renderAnomaly } from '#lib/rules/render.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import { CodeText } from '../../../_ui/code-text.tsx';
import { SeverityMark } from '../../../_ui/severity-mark.tsx';
import { tabParser } from '../_state/params.ts';

interface EventProofsProps {
  readonly anomalies: readonly AnomalyView[];
  readonly seq: number;
}

/** The anomalies that the selected message proves, each a step from its explanation and fix. */
export function EventProofs({ anomalies, seq }: EventProofsProps) {
  const [, setTab] = useQueryState('tab', tabParser);
  const proven = anomalies.filter(({ evidence }) => evidence.includes(seq)).slice(0, 12);
  if (proven.length === 0) return null;
  return (
    <ul aria-label="Anomalies that it proves" className="space-y-1 px-4 pt-3 text-xs">
      {proven.map((anomaly) => (
        <li key={anomaly.id} className="flex items-center gap-2">
          <SeverityMark severity={anomaly.severity} />
          <button
            type="button"
            onClick={() => void setTab('anomalies')}
            title="To its explanation and the fix"
            className="min-w-0 text-left font-medium hover:text-accent hover:underline"
          >
            <CodeText text={renderAnomaly(anomaly).title} />
          </button>
        </li>
      ))}
    </ul>
  );
}
