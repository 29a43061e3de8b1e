import Link from 'next/link';
import type { ReactNode } from 'react';
import type { SessionView } from '#lib/session/view.ts';
import { cn } from '../../_ui/class-names.ts';
import { formatCost, formatDuration, formatExact, formatShort } from '../../_ui/format.ts';
import { RelativeTime } from '../../_ui/relative-time.tsx';
import { SessionDot } from '../../_ui/session-dot.tsx';
import { endReason, SessionEnd } from '../../_ui/session-end.tsx';
import { AnomalyCountMarks } from './anomaly-counts.tsx';
import { SessionLabels, tagsOf } from './session-labels.tsx';

/** One width for head and rows, so that columns line up without a table layout. */
export const SESSION_COLUMNS =
  'grid grid-cols-[0.75rem_5rem_4rem_minmax(10rem,1.6fr)_minmax(6.5rem,0.9fr)_2.75rem_4.25rem_3rem_3.5rem_4.75rem_4rem_6rem_minmax(6rem,1.2fr)] items-center gap-x-3 px-4';

interface SessionRowProps {
  readonly session: SessionView;
  readonly active: boolean;
  readonly index: number;
}

/** A session on one line. */
export function SessionRow({ session, active, index }: SessionRowProps) {
  const { counts } = session;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={active || undefined}
      className={cn(SESSION_COLUMNS, 'relative h-12 border-b hover:bg-hover', active && 'bg-accent-soft hover:bg-accent-soft')}
    >
      <Cell>
        <SessionDot status={session.status} />
      </Cell>
      <Cell className="text-muted">
        <StartedAt session={session} />
      </Cell>
      <Cell right className="text-muted">
        {dashed(formatDuration(durationMs(session)))}
      </Cell>
      <Cell>
        <Link
          href={`/sessions/${session.id}`}
          prefetch={false}
          data-session={session.id}
          title={describeMore(session)}
          className="block truncate font-medium leading-4.5 after:absolute after:inset-0"
        >
          {session.model ?? 'model unknown'}
        </Link>
        <span className="block truncate text-2xs text-faint">{describeParty(session)}</span>
      </Cell>
      <Cell>
        <AnomalyCountMarks counts={session.anomalies} />
      </Cell>
      <Cell right>{figure(counts.turns)}</Cell>
      <Cell right className={counts.cancelled > 0 ? 'text-warn' : ''}>
        {figure(counts.cancelled)}
      </Cell>
      <Cell right className={counts.errors > 0 ? 'text-error' : ''}>
        {figure(counts.errors)}
      </Cell>
      <Cell right>{figure(session.usage.totalTokens)}</Cell>
      <Cell right>
        {session.costEstimated && session.costUsd !== null ? '≈ ' : ''}
        {dashed(formatCost(session.costUsd))}
      </Cell>
      <Cell right>{dashed(formatDuration(session.voiceToVoiceP95Ms))}</Cell>
      <Cell>
        <SessionEnd session={session} isShort />
        {counts.lost > 0 ? (
          <span className="block truncate text-2xs text-warn">{formatShort(counts.lost)} not recorded</span>
        ) : null}
      </Cell>
      <Cell>
        <SessionLabels session={session} isDense />
      </Cell>
    </div>
  );
}

interface CellProps {
  readonly children: ReactNode;
  readonly right?: boolean;
  readonly className?: string;
}

function Cell({ children, right = false, className }: CellProps) {
  return (
    <div role="cell" className={cn('min-w-0 truncate', right && 'text-right', className)}>
      {children}
    </div>
  );
}

const NO_TIME_OF_DAY = 'The source of this session gives no time of day. Events are in order.';

/** When it began; an import without times says so instead of inventing one. */
export function StartedAt({ session }: { readonly session: SessionView }) {
  if (session.startedAt === null || session.clock !== 'wall') {
    return (
      <span className="text-faint" title={NO_TIME_OF_DAY}>
        {session.clock === 'relative' ? 'no date' : 'no times'}
      </span>
    );
  }
  return <RelativeTime ms={session.startedAt / 1000} />;
}

/** What is cut or left out in the list, a line each. The link lies over the whole row, so it is what is hovered. */
export function describeMore(session: SessionView): string {
  const { startedAt, clock, sourceFile } = session;
  const start = startedAt === null || clock !== 'wall' ? NO_TIME_OF_DAY : formatExact(startedAt / 1000);
  return [start, endReason(session), ...tagsOf(session), sourceFile].filter(Boolean).join('\n');
}

/** From the first to the last message, in milliseconds; null where times are unknown. */
export function durationMs(session: SessionView): number | null {
  const end = session.endedAt ?? session.lastEventAt;
  if (session.clock === 'none' || session.startedAt === null || end === null) return null;
  return (end - session.startedAt) / 1000;
}

/** Who answered, by which version, and how it travelled, as far as it is known; else what they spoke. */
export function describeParty({ provider, apiVersion, transport, dialect }: SessionView): string {
  const known = [provider, apiVersion, transport === 'websocket' ? 'ws' : transport].filter(
    (part) => part !== null && part !== 'unknown',
  );
  return known.length > 0 ? known.join(' · ') : dialect === 'unknown' ? '' : dialect;
}

function dashed(text: string): ReactNode {
  return text === '–' ? <span className="text-faint">–</span> : text;
}

function figure(count: number): ReactNode {
  return count === 0 ? <span className="text-faint">0</span> : formatShort(count);
}
