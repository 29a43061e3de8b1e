import Link from 'next/link';
import type { LiveNow } from '#lib/session/sums.ts';
import { cn } from '../_ui/class-names.ts';
import { formatCost, formatCount, formatShort } from '../_ui/format.ts';

/** What is being recorded at this moment, as one line that leads to it. */
export function LiveNowLine({ live }: { readonly live: LiveNow }) {
  const { sessions, eventsPerSecond, costPerMinuteUsd } = live;
  const isLive = sessions > 0;
  return (
    <Link
      href="/sessions?status=open"
      className="flex items-center gap-2 rounded-full border bg-surface px-2.5 py-0.5 text-xs hover:border-line-strong"
    >
      <span className={cn('size-2 rounded-full', isLive ? 'animate-live bg-ok' : 'bg-line-strong')} aria-hidden="true" />
      {formatCount(sessions)} live now
      {isLive ? (
        <span className="text-faint" title="Averages over each call so far">
          {formatShort(Math.round(eventsPerSecond))} events/s · {formatCost(costPerMinuteUsd)}/min
        </span>
      ) : null}
    </Link>
  );
}
