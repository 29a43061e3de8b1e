'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { renderAnomaly } from '#lib/rules/render.ts';
import type { AnomalyGroup } from '#lib/session/view.ts';
import { SparkBars } from '../../_charts/spark-bars.tsx';
import { AnomalyActions } from '../../_ui/anomaly-actions.tsx';
import { CodeText } from '../../_ui/code-text.tsx';
import { formatCount, formatPlural } from '../../_ui/format.ts';
import { RelativeTime } from '../../_ui/relative-time.tsx';
import { SeverityMark } from '../../_ui/severity-mark.tsx';
import { StateBadge } from '../../_ui/state-badge.tsx';

/** A kind of anomaly with how often it was found on each of the last days. */
export interface GroupRow extends AnomalyGroup {
  readonly trend: readonly number[];
}

/** One kind of anomaly: what, with whom, how often, since when, and the newest example. */
export function GroupLine({ group }: { readonly group: GroupRow }) {
  const router = useRouter();
  const { example } = group;
  const text = renderAnomaly(example);
  const state = group.open > 0 ? 'open' : group.state;
  const party = [group.provider, group.apiVersion, group.model].filter((part) => part !== null && part !== 'unknown');
  const sessions = formatPlural(group.sessions, 'session');
  return (
    <li
      data-fingerprint={group.fingerprint}
      className="grid items-start gap-x-5 gap-y-2 border-b px-4 py-3 hover:bg-hover max-lg:grid-cols-[84px_1fr_1fr] lg:grid-cols-[4.5rem_minmax(0,1fr)_84px_8rem_8rem_16rem]"
    >
      <div className="max-lg:col-span-full">
        <SeverityMark severity={group.severity} />
      </div>
      <div className="min-w-0 max-lg:col-span-full">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2">
          <Link
            href={`/sessions/${example.sessionId}?seq=${example.evidence[0] ?? example.fromSeq}`}
            prefetch={false}
            className="min-w-0 font-medium [overflow-wrap:anywhere] hover:text-accent"
            title="To the newest example"
          >
            <CodeText text={text.title} />
          </Link>
          <StateBadge state={state} mutedUntil={example.mutedUntil} />
        </div>
        <p className="mt-0.5 line-clamp-2 text-muted text-xs [overflow-wrap:anywhere]">
          <CodeText text={text.why} />
        </p>
        <p className="mt-1 flex flex-wrap gap-x-2 text-faint text-xs">
          <Link
            href={`/anomalies/rules/${group.ruleId}`}
            prefetch={false}
            className="font-mono text-2xs leading-5 hover:text-accent"
          >
            {group.ruleId}
          </Link>
          <span>{party.join(' · ')}</span>
        </p>
      </div>
      <SparkBars values={group.trend} label={`By day, the last ${group.trend.length} days`} />
      <div className="text-xs">
        <div className="font-medium">{formatCount(group.anomalies)} found</div>
        <div className="text-faint">in {sessions}</div>
      </div>
      <div className="text-xs">
        <div>
          <RelativeTime ms={group.lastFoundAt / 1000} />
        </div>
        <div className="text-faint">
          first <RelativeTime ms={group.firstFoundAt / 1000} />
        </div>
      </div>
      <div className="max-lg:col-span-full">
        <AnomalyActions
          path={`/api/v1/anomalies?fingerprint=${encodeURIComponent(group.fingerprint)}`}
          state={state}
          onDone={() => router.refresh()}
        />
      </div>
    </li>
  );
}
