'use client';

import type { Activity, SessionSpan } from '#lib/session/sums.ts';
import { BarsChart } from '../_charts/bars-chart.tsx';
import { LinesChart } from '../_charts/lines-chart.tsx';
import { Panel } from '../_charts/panel.tsx';
import type { Series } from '../_charts/series.ts';
import { formatCost, formatCostTick, formatCount, formatDuration, formatHour, formatMoment, formatShort } from '../_ui/format.ts';
import type { Hour } from './overview-screen.tsx';

const counted =
  (of: (activity: Activity) => number) =>
  ({ activity }: Hour): number =>
    activity === null ? 0 : of(activity);
const known =
  (of: (activity: Activity) => number | null) =>
  ({ activity }: Hour): number | null =>
    activity === null ? null : of(activity);

const RESPONSES: readonly Series<Hour>[] = [
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
const VOICE: readonly Series<Hour>[] = [
  { name: 'p95', of: known((each) => each.voiceP95Ms), colour: 'var(--server)' },
  { name: 'median', of: known((each) => each.voiceP50Ms), colour: 'var(--client)' },
];
const TOKENS: readonly Series<Hour>[] = [
  { name: 'Cached input', of: counted((each) => each.cachedTokens), colour: 'var(--line-strong)', stack: 'tokens' },
  { name: 'Input', of: counted((each) => each.inputTokens - each.cachedTokens), colour: 'var(--client)', stack: 'tokens' },
  { name: 'Output', of: counted((each) => each.outputTokens), colour: 'var(--server)', stack: 'tokens' },
];
const COST: readonly Series<Hour>[] = [
  { name: 'Used', of: counted((each) => each.costUsd - each.wastedUsd), colour: 'var(--accent)', stack: 'cost' },
  { name: 'Wasted', of: counted((each) => each.wastedUsd), colour: 'var(--warn)', stack: 'cost' },
];

interface ActivityChartsProps {
  readonly hours: readonly Hour[];
  /** The part of the hours that is chosen: the charts but the first show it alone. */
  readonly span: SessionSpan;
  readonly onBrush: (first: number, last: number) => void;
}

/** The day hour by hour; the brush below the first chart narrows the page to some of them. */
export function ActivityCharts({ hours, span, onBrush }: ActivityChartsProps) {
  const axis = {
    labelOf: (hour: Hour) => hour.at,
    formatTick: formatHour,
    formatLabel: (at: unknown) => `${formatMoment(at as number)} UTC`,
  };
  const rows = hours.filter(({ at }) => at >= span.fromMs && at < span.toMs);
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Panel title="Responses" aside="by hour, UTC · drag the handles to narrow the page">
        <BarsChart
          {...axis}
          rows={hours}
          label="Responses by hour"
          series={RESPONSES}
          format={formatCount}
          onBrush={onBrush}
          height={210}
        />
      </Panel>
      <Panel title="Voice to voice">
        <LinesChart {...axis} rows={rows} label="Voice to voice by hour" series={VOICE} format={formatDuration} height={210} />
      </Panel>
      <Panel title="Tokens">
        <BarsChart {...axis} rows={rows} label="Tokens by hour" series={TOKENS} format={formatShort} height={170} />
      </Panel>
      <Panel title="Cost" aside="by list prices">
        <BarsChart
          {...axis}
          rows={rows}
          label="Cost by hour"
          series={COST}
          format={formatCost}
          formatAxis={formatCostTick}
          height={170}
        />
      </Panel>
    </div>
  );
}
