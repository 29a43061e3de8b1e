'use client';

import { useQueryStates } from 'nuqs';
import { useCallback, useEffect, useRef } from 'react';
import type { Activity, LiveNow, SessionSpan } from '#lib/session/sums.ts';
import type { AnomalyGroup } from '#lib/session/view.ts';
import { useRefresh } from '../_live/use-refresh.ts';
import { Button } from '../_ui/button.tsx';
import { formatMoment } from '../_ui/format.ts';
import type { Point } from './activity-charts.tsx';
import { ActivityCharts } from './activity-charts.tsx';
import { Figures } from './figures.tsx';
import { LiveNowLine } from './live-now-line.tsx';
import type { OpenIncidentsProps } from './open-incidents.tsx';
import { OpenIncidents } from './open-incidents.tsx';
import type { SpanName } from './span-params.ts';
import { SPAN_NAMES, SPANS, spanParsers } from './span-params.ts';
import { WorstAnomalies } from './worst-anomalies.tsx';

interface OverviewScreenProps {
  readonly live: LiveNow;
  readonly name: SpanName;
  /** What the figures are about: the span, or the part of it that is chosen. */
  readonly part: SessionSpan;
  readonly isPart: boolean;
  readonly now: Activity | null;
  readonly before: Activity | null;
  readonly points: readonly Point[];
  readonly incidents: OpenIncidentsProps;
  readonly worst: readonly AnomalyGroup[];
}

/** A brush is moved in many steps; the page follows when it rests. */
const REST_MS = 350;

/** The overview in the browser: span and part stand in the URL, the server reads. */
export function OverviewScreen(props: OverviewScreenProps) {
  const { live, name, part, isPart, now, before, points, incidents, worst } = props;
  const [, set] = useQueryStates(spanParsers, { shallow: false, history: 'replace', scroll: false });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useRefresh();
  const cancel = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current);
  }, []);
  useEffect(() => cancel, [cancel]);
  const choose = (first: number, last: number) => {
    cancel();
    timer.current = setTimeout(() => {
      const all = first === 0 && last === points.length - 1;
      const [from, to] = [points[first]?.at ?? 0, (points[last]?.at ?? 0) + SPANS[name].partMs];
      void set(all ? { from: null, to: null } : { span: name, from: new Date(from), to: new Date(to) });
    }, REST_MS);
  };
  const show = (next: SpanName) => {
    cancel();
    void set({ span: next, from: null, to: null });
  };
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto max-w-[90rem] space-y-4 p-4">
        <header className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="font-semibold text-sm">Overview</h1>
          <LiveNowLine live={live} />
          <div className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-2 max-sm:ml-0">
            <span className="text-faint text-xs">{describe(name, part, isPart)}</span>
            {isPart ? <Button onClick={() => show(name)}>Show all of it</Button> : null}
            <div role="group" aria-label="Span" className="flex gap-1">
              {SPAN_NAMES.map((each) => (
                <Button key={each} pressed={each === name} onClick={() => show(each)}>
                  {each}
                </Button>
              ))}
            </div>
          </div>
        </header>
        <OpenIncidents {...incidents} />
        <Figures now={now} before={before} />
        <WorstAnomalies groups={worst} />
        <ActivityCharts key={name} points={points} part={part} name={name} onBrush={choose} />
      </div>
    </main>
  );
}

function describe(name: SpanName, { fromMs, toMs }: SessionSpan, isPart: boolean): string {
  if (isPart) return `${formatMoment(fromMs)} – ${formatMoment(toMs)} UTC, against the same time before`;
  const { words, before } = SPANS[name];
  return `${words}, against ${before}`;
}
