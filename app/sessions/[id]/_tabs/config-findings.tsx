'use client';

import { useQueryState } from 'nuqs';
import { rejectedConfig } from '#lib/rules/rejected-config.ts';
import { renderAnomaly } from '#lib/rules/render.ts';
import { CodeText } from '../../../_ui/code-text.tsx';
import { SeverityMark } from '../../../_ui/severity-mark.tsx';
import type { SessionData } from '../_live/session-data.ts';
import { tabParser } from '../_state/params.ts';
import { EvidenceLinks } from './evidence-links.tsx';

/** Which updates did not come into force, and why: what the table below, which knows only the sum of them, cannot say. */
export function ConfigFindings({ data }: { readonly data: SessionData }) {
  const [, setTab] = useQueryState('tab', tabParser);
  const found = data.anomalies.filter(({ ruleId }) => ruleId === rejectedConfig.meta.id);
  if (found.length === 0) return null;
  return (
    <section aria-label="Updates that did not come into force" className="m-4 mb-0 rounded-lg border bg-surface">
      <div className="flex min-h-9 flex-wrap items-center gap-2 border-b px-3 py-1">
        <h2 className="font-medium text-xs">Updates that did not come into force</h2>
        <button
          type="button"
          onClick={() => void setTab('anomalies')}
          className="ml-auto rounded text-accent text-xs hover:underline"
        >
          What to do about it
        </button>
      </div>
      <ul className="divide-y">
        {found.map((anomaly) => {
          const text = renderAnomaly(anomaly);
          return (
            <li key={anomaly.id} className="px-3 py-2.5 text-xs">
              <div className="flex items-start gap-2">
                <SeverityMark severity={anomaly.severity} />
                <h3 className="min-w-0 font-medium leading-5 [overflow-wrap:anywhere]">
                  <CodeText text={text.title} />
                </h3>
              </div>
              <p className="mt-1 text-muted leading-5 [overflow-wrap:anywhere]">
                <CodeText text={text.why} />
              </p>
              <EvidenceLinks data={data} anomaly={anomaly} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
