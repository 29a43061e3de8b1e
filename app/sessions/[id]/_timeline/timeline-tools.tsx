'use client';

import { Maximize, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../../../_ui/class-names.ts';
import type { SessionData } from '../_live/session-data.ts';
import type { ViewStore } from './view-store.ts';

interface TimelineToolsProps {
  readonly store: ViewStore;
  readonly data: SessionData;
  readonly following: boolean;
  readonly onFollowing: (following: boolean) => void;
}

/** What the canvas can do, for those who do not use keys; and what its axis is, where it is not time. */
export function TimelineTools({ store, data, following, onFollowing }: TimelineToolsProps) {
  const middle = () => (store.view.from + store.view.to) / 2;
  return (
    <div className="flex items-center gap-1.5">
      {data.log.timed ? null : (
        <span
          className="rounded bg-warn-soft px-1.5 text-2xs text-warn"
          title="The source of this session gives no times; none are invented."
        >
          no times: in order of events
        </span>
      )}
      {data.session.status === 'open' ? (
        <button
          type="button"
          aria-pressed={following}
          onClick={() => onFollowing(!following)}
          title="Stay at the end as the session grows (l)"
          className={cn(
            'h-7 rounded-md border bg-surface px-2 text-muted text-xs hover:text-ink',
            following && 'border-ok text-ok hover:text-ok',
          )}
        >
          {following ? 'Following' : 'Follow'}
        </button>
      ) : null}
      <div className="flex overflow-hidden rounded-md border bg-surface">
        <Tool label="Zoom out (s)" onClick={() => store.zoom(middle(), 1.6)}>
          <Minus className="size-3.5" aria-hidden="true" />
        </Tool>
        <Tool label="Zoom in (w)" onClick={() => store.zoom(middle(), 1 / 1.6)}>
          <Plus className="size-3.5" aria-hidden="true" />
        </Tool>
        <Tool label="Everything (f)" onClick={() => store.fit()}>
          <Maximize className="size-3.5" aria-hidden="true" />
        </Tool>
      </div>
    </div>
  );
}

function Tool({
  label,
  onClick,
  children,
}: {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="grid h-[26px] w-7 place-items-center text-faint hover:bg-hover hover:text-ink"
    >
      {children}
    </button>
  );
}
