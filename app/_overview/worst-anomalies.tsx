import Link from 'next/link';
import { renderAnomaly } from '#lib/rules/render.ts';
import type { AnomalyGroup } from '#lib/session/view.ts';
import { Panel } from '../_charts/panel.tsx';
import { CodeText } from '../_ui/code-text.tsx';
import { formatPlural } from '../_ui/format.ts';
import { RelativeTime } from '../_ui/relative-time.tsx';
import { SeverityMark } from '../_ui/severity-mark.tsx';

/** The kinds of anomaly that nobody has dealt with, the worst of those found last, each with its newest example. */
export function WorstAnomalies({ groups }: { readonly groups: readonly AnomalyGroup[] }) {
  return (
    <Panel
      title="Open anomalies found last, worst first"
      aside={
        <Link href="/anomalies" className="text-accent hover:underline">
          All
        </Link>
      }
    >
      {groups.length === 0 ? (
        <p className="px-4 pb-4 text-muted">Nothing open. The rules watch every session as it runs.</p>
      ) : null}
      <ol className="pb-1">
        {groups.map(({ fingerprint, severity, example, provider, sessions, lastFoundAt }) => (
          <li
            key={fingerprint}
            className="relative grid grid-cols-[4.25rem_minmax(0,1fr)_auto] items-baseline gap-x-3 border-t px-4 py-2 first:border-0 hover:bg-hover"
          >
            <SeverityMark severity={severity} className="justify-self-start" />
            <Link
              href={`/sessions/${example.sessionId}?seq=${example.evidence[0] ?? example.fromSeq}`}
              prefetch={false}
              className="after:absolute after:inset-0 max-sm:line-clamp-2 sm:truncate"
            >
              <CodeText text={renderAnomaly(example).title} />
              {provider === 'unknown' ? null : <span className="ml-2 text-faint text-xs">{provider}</span>}
            </Link>
            <span className="text-faint text-xs">
              <span className="max-sm:hidden">{formatPlural(sessions, 'session')} · </span>
              <RelativeTime ms={lastFoundAt / 1000} />
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
