import Link from 'next/link';
import { SEVERITIES } from '#lib/rules/rule.ts';
import type { SessionView } from '#lib/session/view.ts';
import { cn } from '../../_ui/class-names.ts';
import { formatCost, formatDuration, formatPlural, formatShort } from '../../_ui/format.ts';
import { SessionDot } from '../../_ui/session-dot.tsx';
import { SessionEnd } from '../../_ui/session-end.tsx';
import { AnomalyCountMarks } from './anomaly-counts.tsx';
import { SessionLabels } from './session-labels.tsx';
import { describeMore, describeParty, durationMs, StartedAt } from './session-row.tsx';

interface SessionCardProps {
  readonly session: SessionView;
  readonly active: boolean;
  readonly index: number;
}

/** A session on two lines, for narrow screens. */
export function SessionCard({ session, active, index }: SessionCardProps) {
  const { counts } = session;
  const duration = durationMs(session);
  const worst = SEVERITIES.find((severity) => session.anomalies[severity] > 0);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={active || undefined}
      className={cn('relative flex h-18 flex-col justify-center gap-1 border-b px-4', active && 'bg-accent-soft')}
    >
      <div role="cell" className="flex items-center gap-2">
        <SessionDot status={session.status} />
        <Link
          href={`/sessions/${session.id}`}
          prefetch={false}
          data-session={session.id}
          title={describeMore(session)}
          className="truncate font-medium after:absolute after:inset-0"
        >
          {session.model ?? 'model unknown'}
        </Link>
        <span className="truncate text-faint">{describeParty(session)}</span>
        <span className="ml-auto shrink-0">
          {worst === undefined ? <SessionEnd session={session} isShort /> : <AnomalyCountMarks counts={session.anomalies} />}
        </span>
      </div>
      <div role="cell" className="flex items-center gap-3 overflow-hidden whitespace-nowrap pl-4 text-muted text-xs">
        <StartedAt session={session} />
        {duration === null ? null : <span>{formatDuration(duration)}</span>}
        <span>{formatPlural(counts.turns, 'turn')}</span>
        {counts.cancelled > 0 ? <span className="text-warn">{formatShort(counts.cancelled)} cancelled</span> : null}
        {counts.errors > 0 ? <span className="text-error">{formatPlural(counts.errors, 'error')}</span> : null}
        {session.costUsd === null ? null : <span>{formatCost(session.costUsd)}</span>}
        <SessionLabels session={session} className="flex-1 justify-end" />
      </div>
    </div>
  );
}
