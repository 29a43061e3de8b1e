'use client';

import { parseAsInteger, useQueryStates } from 'nuqs';
import { bySeverity } from '#lib/rules/rule.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import { EmptyState } from '../../../_ui/empty-state.tsx';
import type { SessionData } from '../_live/session-data.ts';
import { AnomalyCard } from './anomaly-card.tsx';
import { TabPage } from './tab-page.tsx';

/** What the rules found in this session, worst first, each with its proof and what to do about it. */
export function AnomaliesTab({ data }: { readonly data: SessionData }) {
  const [{ seq }] = useQueryStates({ seq: parseAsInteger });
  if (data.anomalies.length === 0) {
    return (
      <TabPage label="Anomalies">
        <EmptyState title={data.session.status === 'open' ? 'Nothing found so far' : 'Nothing found'}>
          The rules watch every message of a session. What they find appears here at once.
        </EmptyState>
      </TabPage>
    );
  }
  const sorted = data.anomalies.toSorted(byWeight);
  const chosen = sorted.filter(({ evidence }) => seq !== null && evidence.includes(seq));
  return (
    <TabPage label="Anomalies">
      <ol className="mx-auto max-w-4xl space-y-3 p-4">
        {sorted.map((anomaly) => (
          <li key={anomaly.id}>
            <AnomalyCard data={data} anomaly={anomaly} chosen={chosen.includes(anomaly)} first={anomaly === chosen[0]} />
          </li>
        ))}
      </ol>
    </TabPage>
  );
}

/** Open ones before those that somebody has dealt with, then by severity, then in order. */
function byWeight(left: AnomalyView, right: AnomalyView): number {
  const open = Number(left.state !== 'open') - Number(right.state !== 'open');
  return open || bySeverity(left, right) || left.fromSeq - right.fromSeq;
}
