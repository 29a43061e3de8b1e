'use client';

import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useRef, useState } from 'react';
import type { Activity, SessionSpan } from '#lib/session/sums.ts';
import type { AnomalyGroup } from '#lib/session/view.ts';
import { useRefresh } from '../_live/use-refresh.ts';
import { Button } from '../_ui/button.tsx';
import { formatCount, formatMoment } from '../_ui/format.ts';
import { ActivityCharts } from './activity-charts.tsx';
import { Figures } from './figures.tsx';
import { NewestAnomalies } from './newest-anomalies.tsx';
import { spanParsers } from './span-params.ts';

/** An hour of the day; `activity` is null where no session began in it. */
export interface Hour {
  readonly at: number;
  readonly activity: Activity | null;
}

interface OverviewScreenProps {
  readonly live: number;
  readonly span: SessionSpan;
  /** Whether a part of the day is chosen. */
  readonly isPart: boolean;
  readonly now: Activity | null;
  readonly before: Activity | null;
  readonly hours: readonly Hour[];
  readonly newest: readonly AnomalyGroup[];
}

const HOUR_MS = 3_600_000;
/** A brush is moved in many steps; the page follows when it rests. */
const REST_MS = 350;

/** The overview in the browser. */
export function OverviewScreen({ live, span, isPart, now, before, hours, newest }: OverviewScreenProps) {
  const [, set] = useQueryStates(spanParsers, { shallow: false, history: 'replace', scroll: false });
  const [brushes, setBrushes] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useRefresh();
  const choose = (first: number, last: number) => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const all = first === 0 && last === hours.length - 1;
      const [from, to] = [hours[first]?.at ?? 0, (hours[last]?.at ?? 0) + HOUR_MS];
      void set(all ? { from: null, to: null } : { from: new Date(from), to: new Date(to) });
    }, REST_MS);
  };
  const clear = () => {
    setBrushes(brushes + 1);
    void set({ from: null, to: null });
  };
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto max-w-[90rem] space-y-4 p-4">
        <header className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="font-semibold text-sm">Overview</h1>
          <Link
            href="/sessions?status=open"
            className="flex items-center gap-2 rounded-full border bg-surface px-2.5 py-0.5 text-xs hover:border-line-strong"
          >
            <span
              className={live > 0 ? 'size-2 animate-live rounded-full bg-ok' : 'size-2 rounded-full bg-line-strong'}
              aria-hidden="true"
            />
            {formatCount(live)} live now
          </Link>
          <span className="text-muted text-xs">
            {isPart
              ? `${formatMoment(span.fromMs)} – ${formatMoment(span.toMs)} UTC, against the same time before`
              : 'The last 24 hours, against the 24 before'}
          </span>
          {isPart ? <Button onClick={clear}>All 24 hours</Button> : null}
        </header>
        <Figures now={now} before={before} />
        <ActivityCharts key={brushes} hours={hours} span={span} onBrush={choose} />
        <NewestAnomalies groups={newest} />
      </div>
    </main>
  );
}
