'use client';

import { useQueryStates } from 'nuqs';
import type { UsageRow } from '#lib/session/sums.ts';
import type { SessionView } from '#lib/session/view.ts';
import { useRefresh } from '../_live/use-refresh.ts';
import { Button } from '../_ui/button.tsx';
import { EmptyState } from '../_ui/empty-state.tsx';
import { CostlySessions } from './_parts/costly-sessions.tsx';
import type { UsageDay } from './_parts/usage-charts.tsx';
import { UsageCharts } from './_parts/usage-charts.tsx';
import { UsageFigures } from './_parts/usage-figures.tsx';
import { UsageTable } from './_parts/usage-table.tsx';
import { SPANS, usageParsers } from './_state/usage-params.ts';

interface UsageScreenProps {
  readonly byDay: readonly UsageDay[];
  readonly rows: readonly UsageRow[];
  readonly costly: readonly SessionView[];
}

/** Usage in the browser: the span and the grouping stand in the URL. */
export function UsageScreen({ byDay, rows, costly }: UsageScreenProps) {
  const [{ days, group }, set] = useQueryStates(usageParsers, { shallow: false, history: 'push', scroll: false });
  useRefresh();
  const isEmpty = byDay.every(({ usage }) => usage === null);
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto max-w-[90rem] space-y-4 p-4">
        <header className="flex min-h-7 flex-wrap items-center gap-2">
          <h1 className="mr-2 font-semibold text-sm">Usage</h1>
          <div role="group" aria-label="Span" className="flex gap-1">
            {SPANS.map((each) => (
              <Button key={each} pressed={each === days} onClick={() => void set({ days: each })}>
                {each === 1 ? 'Today' : `${each} days`}
              </Button>
            ))}
          </div>
          <span className="ml-auto text-faint text-xs">days of UTC · cost by list prices</span>
        </header>
        {isEmpty ? (
          <EmptyState title="No session in these days">Tokens and cost appear here as sessions are recorded.</EmptyState>
        ) : (
          <>
            <UsageFigures byDay={byDay} />
            <UsageCharts byDay={byDay} />
            <UsageTable rows={rows} group={group} onGroup={(next) => void set({ group: next })} days={days} />
            <CostlySessions sessions={costly} />
          </>
        )}
      </div>
    </main>
  );
}
