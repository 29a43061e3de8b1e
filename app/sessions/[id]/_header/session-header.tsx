import Link from 'next/link';
import type { SessionView } from '#lib/session/view.ts';
import { Badge } from '../../../_ui/badge.tsx';
import { SessionDot } from '../../../_ui/session-dot.tsx';
import { SessionEnd } from '../../../_ui/session-end.tsx';
import { SessionLabels } from '../../_list/session-labels.tsx';
import { StartedAt } from '../../_list/session-row.tsx';
import type { SessionData } from '../_live/session-data.ts';
import { ConfigChip } from './config-chip.tsx';
import { CopyLink } from './copy-link.tsx';
import { SessionFigures } from './session-figures.tsx';

interface SessionHeaderProps {
  readonly session: SessionView;
  /** Null while it is read. */
  readonly data: SessionData | null;
}

/** What this session is and how it went, at a glance. */
export function SessionHeader({ session, data }: SessionHeaderProps) {
  return (
    <header className="border-b bg-surface px-4 pt-2.5 pb-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <Link href="/sessions" className="text-faint hover:text-ink">
          Sessions
        </Link>
        <span className="text-faint" aria-hidden="true">
          /
        </span>
        <SessionDot status={session.status} />
        <h1 className="max-w-[60vw] truncate font-semibold text-sm">{session.model ?? 'Model unknown'}</h1>
        {session.provider === 'unknown' ? null : <Badge>{session.provider}</Badge>}
        <Badge title="What the two parties speak">{session.dialect}</Badge>
        {session.transport === 'unknown' ? null : <Badge>{session.transport}</Badge>}
        {session.apiVersion === null ? null : <Badge title="API version">{session.apiVersion}</Badge>}
        {session.deployment === null || session.deployment === session.model ? null : (
          <Badge title="Deployment">{session.deployment}</Badge>
        )}
        {session.captureMode === 'relay' ? null : <Badge title="How it was captured">{session.captureMode}</Badge>}
        <ConfigChip session={session} />
        <SessionEnd session={session} />
        <SessionLabels session={session} className="max-h-11" />
        <span className="ml-auto flex items-center gap-2 text-faint text-xs max-sm:ml-0">
          <StartedAt session={session} />
          <CopyLink />
        </span>
      </div>
      <SessionFigures session={session} data={data} />
      {session.endDetail !== null && session.status !== 'ended' ? (
        <p className="mt-1.5 line-clamp-2 text-error text-xs [overflow-wrap:anywhere]">{session.endDetail}</p>
      ) : null}
    </header>
  );
}
