'use client';

import { DAY_MS } from '#lib/base/durations.ts';
import type { Activity, SessionSpan } from '#lib/session/sums.ts';
import { BarsChart } from '../_charts/bars-chart.tsx';
import { LinesChart } from '../_charts/lines-chart.tsx';
import { Panel } from '../_charts/panel.tsx';
import type { Series } from '../_charts/series.ts';
import {
  formatCost,
  formatCostTick,
  formatCount,
  formatDay,
  formatDuration,
  formatDurationTick,
  formatHour,
  formatMoment,
  formatShort,
} from '../_ui/format.ts';
import type { SpanName } from './span-params.ts';
import { SPANS } from './span-params.ts';

/** A part of the span; `activity` is null where no session began in it. */
export interface Point {
  readonly at: number;
  readonly activity: Activity | null;
}

const counted =
  (of: (activity: Activity) => number) =>
  ({ activity }: Point): number =>
    activity === null ? 0 : of(activity);
const known =
  (of: (activity: Activity) => number | null) =>
  ({ activity }: Point): number | null =>
    activity === null ? null : of(activity);

const RESPONSES: readonly Series<Point>[] = [
  { name: 'Completed', of: counted((each) => each.completed), colour: 'var(--server)', stack: 'responses' },
  { name: 'Cancelled by speech', of: counted((each) => each.turnDetected), colour: 'var(--warn)', stack: 'responses' },
  {
    name: 'Other',
    of: counted((each) => each.responses - each.completed - each.turnDetected - each.failed),
    colour: 'var(--line-strong)',
    stack: 'responses',
  },
  { name: 'Failed', of: counted((each) => each.failed), colour: 'var(--error)', stack: 'responses' },
];
const VOICE: readonly Series<Point>[] = [
  { name: 'p95', of: known((each) => each.voiceP95Ms), colour: 'var(--server)' },
  { name: 'median', of: known((each) => each.voiceP50Ms), colour: 'var(--client)' },
];
const TOKENS: readonly Series<Point>[] = [
  { name: 'Cached input', of: counted((each) => each.cachedTokens), colour: 'var(--line-strong)', stack: 'tokens' },
  { name: 'Input', of: counted((each) => each.inputTokens - each.cachedTokens), colour: 'var(--client)', stack: 'tokens' },
  { name: 'Output', of: counted((each) => each.outputTokens), colour: 'var(--server)', stack: 'tokens' },
];
const COST: readonly Series<Point>[] = [
  { name: 'Used', of: counted((each) => each.costUsd - each.wastedUsd), colour: 'var(--accent)', stack: 'cost' },
  { name: 'Wasted', of: counted((each) => each.wastedUsd), colour: 'var(--warn)', stack: 'cost' },
];

interface ActivityChartsProps {
  readonly name: SpanName;
  readonly points: readonly Point[];
  /** The part of the points that is chosen: the charts but the first show it alone. */
  readonly part: SessionSpan;
  readonly onBrush: (first: number, last: number) => void;
}

/** The span part by part; the brush below the first chart narrows the page to some of them. */
export function ActivityCharts({ name, points, part, onBrush }: ActivityChartsProps) {
  const axis = {
    labelOf: (point: Point) => point.at,
    formatTick: SPANS[name].lengthMs > DAY_MS ? formatDay : formatHour,
    formatLabel: (at: unknown) => `${formatMoment(at as number)} UTC`,
  };
  const isChosen = ({ at }: Point) => at >= part.fromMs && at < part.toMs;
  const rows = points.filter(isChosen);
  const chosen = { first: points.findIndex(isChosen), last: points.findLastIndex(isChosen), onChange: onBrush };
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Panel title="Responses" aside={<span className="max-sm:hidden">UTC · drag the handles to narrow the page</span>}>
        <BarsChart {...axis} rows={points} label="Responses" series={RESPONSES} format={formatCount} part={chosen} height={210} />
      </Panel>
      <Panel title="Voice to voice">
        <LinesChart
          {...axis}
          rows={rows}
          label="Voice to voice"
          series={VOICE}
          format={formatDuration}
          formatAxis={formatDurationTick}
          height={210}
        />
      </Panel>
      <Panel title="Tokens">
        <BarsChart {...axis} rows={rows} label="Tokens" series={TOKENS} format={formatShort} height={170} />
      </Panel>
      <Panel title="Cost" aside="by list prices">
        <BarsChart
          {...axis}
          rows={rows}
          label="Cost"
          series={COST}
          format={formatCost}
          formatAxis={formatCostTick}
          height={170}
        />
      </Panel>
    </div>
  );
}
