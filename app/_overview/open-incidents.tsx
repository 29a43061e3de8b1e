import Link from 'next/link';
import type { WallMicros } from '#lib/base/brand.ts';
import type { Severity } from '#lib/session/view.ts';
import { CodeText } from '../_ui/code-text.tsx';
import { formatPlural } from '../_ui/format.ts';
import { RelativeTime } from '../_ui/relative-time.tsx';
import { SeverityMark } from '../_ui/severity-mark.tsx';

/** An incident as the overview tells of it. */
export interface OpenIncident {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly ruleName: string;
  readonly openedAt: WallMicros;
}

export interface OpenIncidentsProps {
  /** How many are open. */
  readonly count: number;
  /** The worst of those opened last, worst first. */
  readonly worst: readonly OpenIncident[];
}

/** The incidents that are open, above all else; nothing where there is none. */
export function OpenIncidents({ count, worst }: OpenIncidentsProps) {
  if (count === 0) return null;
  return (
    <section aria-label="Open incidents" className="overflow-hidden rounded-lg border border-error/40 bg-surface">
      <header className="flex items-center justify-between gap-3 bg-error-soft px-4 py-1.5 text-xs">
        <h2 className="font-medium text-error">
          {formatPlural(count, 'open incident')}
          {count > worst.length ? <span className="ml-2 font-normal text-muted">the worst of those opened last</span> : null}
        </h2>
        <Link href="/alerts" className="text-muted hover:underline">
          All alerts
        </Link>
      </header>
      <ol>
        {worst.map(({ id, title, severity, ruleName, openedAt }) => (
          <li
            key={id}
            className="relative grid grid-cols-[4.25rem_minmax(0,1fr)_auto] items-baseline gap-x-3 border-t px-4 py-2 first:border-0 hover:bg-hover"
          >
            <SeverityMark severity={severity} className="justify-self-start" />
            <Link
              href={`/alerts?incident=${id}`}
              prefetch={false}
              className="after:absolute after:inset-0 max-sm:line-clamp-2 sm:truncate"
            >
              <CodeText text={title} />
              <span className="ml-2 text-faint text-xs">{ruleName}</span>
            </Link>
            <span className="text-faint text-xs">
              <span className="max-sm:hidden">opened </span>
              <RelativeTime ms={openedAt / 1000} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
