'use client';

import { Wrench } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { renderAnomaly } from '#lib/rules/render.ts';
import type { AnomalyState, AnomalyView } from '#lib/session/view.ts';
import { AnomalyActions } from '../../../_ui/anomaly-actions.tsx';
import { cn } from '../../../_ui/class-names.ts';
import { CodeText } from '../../../_ui/code-text.tsx';
import { SeverityMark } from '../../../_ui/severity-mark.tsx';
import { StateBadge } from '../../../_ui/state-badge.tsx';
import { offsetText } from '../_events/offset-text.ts';
import type { SessionData } from '../_live/session-data.ts';
import { EvidenceLinks } from './evidence-links.tsx';

interface AnomalyCardProps {
  readonly data: SessionData;
  readonly anomaly: AnomalyView;
  /** Whether the selected message is among its evidence. */
  readonly chosen: boolean;
  /** Whether it is the first of the chosen ones: it comes into view. */
  readonly first: boolean;
}

/** One anomaly: what, why, by which messages, and the fix. */
export function AnomalyCard({ data, anomaly, chosen, first }: AnomalyCardProps) {
  const [said, setSaid] = useState<{ readonly before: AnomalyView; readonly state: AnomalyState } | null>(null);
  // What was said here holds until the push brings it back.
  const state = said?.before === anomaly ? said.state : anomaly.state;
  const text = renderAnomaly(anomaly);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (first) card.current?.scrollIntoView({ block: 'nearest' });
  }, [first]);
  const index = data.log.indexOfSeq(anomaly.evidence[0] ?? anomaly.fromSeq);
  const offset = index < 0 || !data.log.timed ? null : data.log.offsetMs(index);
  return (
    <article
      ref={card}
      className={cn('rounded-lg border bg-surface', chosen && 'border-accent', state !== 'open' && 'bg-transparent')}
      data-anomaly={anomaly.id}
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 pt-3">
        <SeverityMark severity={anomaly.severity} />
        <h2 className="min-w-0 font-semibold text-sm [overflow-wrap:anywhere]">
          <CodeText text={text.title} />
        </h2>
        <StateBadge state={state} mutedUntil={said?.before === anomaly ? null : anomaly.mutedUntil} />
        <span className="ml-auto flex items-center gap-2 text-faint text-xs">
          {offset === null ? null : <span>{offsetText(offset)}</span>}
          <Link href={`/anomalies/rules/${anomaly.ruleId}`} prefetch={false} className="font-mono text-2xs hover:text-accent">
            {anomaly.ruleId}
          </Link>
        </span>
      </header>
      <p className="px-4 pt-1.5 text-muted leading-5 [overflow-wrap:anywhere]">
        <CodeText text={text.why} />
      </p>
      <div className="px-4">
        <EvidenceLinks data={data} anomaly={anomaly} />
      </div>
      <div className="mt-3 flex gap-2 border-t px-4 py-2.5">
        <Wrench className="mt-0.5 size-3.5 shrink-0 text-ok" aria-hidden="true" />
        <p className="leading-5 [overflow-wrap:anywhere]">
          <span className="sr-only">Fix: </span>
          <CodeText text={text.fix} />
        </p>
      </div>
      <footer className="border-t px-4 py-2">
        <AnomalyActions
          path={`/api/v1/anomalies/${anomaly.sessionId}/${encodeURIComponent(anomaly.id)}`}
          state={state}
          onDone={(next) => setSaid({ before: anomaly, state: next })}
        />
      </footer>
    </article>
  );
}
