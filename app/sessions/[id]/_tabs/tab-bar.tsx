'use client';

import { useEffect, useRef } from 'react';
import type { SessionView } from '#lib/session/view.ts';
import { cn } from '../../../_ui/class-names.ts';
import { formatShort } from '../../../_ui/format.ts';
import type { Tab } from '../_state/tabs.ts';
import { TAB_TITLES, TABS } from '../_state/tabs.ts';

interface TabBarProps {
  readonly session: SessionView;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
}

/** The ways to look at a session. */
export function TabBar({ session, tab, onTab }: TabBarProps) {
  const counts: Partial<Record<Tab, number>> = {
    responses: session.counts.responses,
    tools: session.counts.toolCalls,
    anomalies: Object.values(session.anomalies).reduce((sum, count) => sum + count, 0),
  };
  const bar = useRef<HTMLElement>(null);
  // A link may lead to a tab that lies beyond the edge of a narrow screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark moves with the tab
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [tab]);
  return (
    <nav ref={bar} aria-label="Views of the session" className="flex shrink-0 gap-1 overflow-x-auto border-b bg-surface px-3">
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          aria-current={tab === name ? 'page' : undefined}
          onClick={() => onTab(name)}
          className={cn(
            '-mb-px h-8 shrink-0 border-transparent border-b-2 px-2 text-muted text-xs hover:text-ink',
            tab === name && 'border-accent font-medium text-ink',
          )}
        >
          {TAB_TITLES[name]}
          {counts[name] ? <span className="ml-1.5 text-faint">{formatShort(counts[name])}</span> : null}
        </button>
      ))}
    </nav>
  );
}
