import Link from 'next/link';
import type { SessionView } from '#lib/session/view.ts';
import { Panel } from '../../_charts/panel.tsx';
import { formatCost, formatShort } from '../../_ui/format.ts';
import { RelativeTime } from '../../_ui/relative-time.tsx';

/** The sessions that cost most. */
export function CostlySessions({ sessions }: { readonly sessions: readonly SessionView[] }) {
  if (sessions.length === 0) return null;
  return (
    <Panel title="Most expensive sessions">
      <ol className="pb-1">
        {sessions.map((session) => (
          <li
            key={session.id}
            className="relative grid grid-cols-[minmax(0,1fr)_auto_5rem] items-baseline gap-x-4 border-t px-4 py-2 text-xs first:border-0 hover:bg-hover"
          >
            <Link href={`/sessions/${session.id}?tab=usage`} prefetch={false} className="truncate after:absolute after:inset-0">
              {session.model ?? 'model unknown'}
              <span className="ml-2 text-faint">
                {session.provider}
                {session.startedAt === null || session.clock !== 'wall' ? null : (
                  <>
                    {' · '}
                    <RelativeTime ms={session.startedAt / 1000} />
                  </>
                )}
              </span>
            </Link>
            <span className="text-right text-muted">{formatShort(session.usage.totalTokens)} tokens</span>
            <span className="text-right font-medium">
              {session.costEstimated ? '≈ ' : ''}
              {formatCost(session.costUsd)}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
