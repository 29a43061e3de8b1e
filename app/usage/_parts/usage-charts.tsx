'use client';

import type { UsageRow } from '#lib/session/sums.ts';
import { BarsChart } from '../../_charts/bars-chart.tsx';
import { Panel } from '../../_charts/panel.tsx';
import type { Series } from '../../_charts/series.ts';
import { untoldFreshInput, untoldOutput } from '../../_charts/untold-tokens.ts';
import { formatCost, formatCostTick, formatDay, formatShort } from '../../_ui/format.ts';

/** A day; `usage` is null where no session began. */
export interface UsageDay {
  readonly at: number;
  readonly usage: UsageRow | null;
}

const counted =
  (of: (usage: UsageRow) => number) =>
  ({ usage }: UsageDay): number =>
    usage === null ? 0 : of(usage);

const TOKENS: readonly Series<UsageDay>[] = [
  { name: 'Cached input', of: counted((each) => each.cachedTokens), colour: 'var(--line-strong)', stack: 'tokens' },
  {
    name: 'Text input',
    of: counted((each) => each.inputTextTokens - each.cachedTextTokens),
    colour: 'var(--item)',
    stack: 'tokens',
  },
  {
    name: 'Audio input',
    of: counted((each) => each.inputAudioTokens - each.cachedAudioTokens),
    colour: 'var(--client)',
    stack: 'tokens',
  },
  {
    name: 'Image input',
    of: counted((each) => each.inputImageTokens - each.cachedImageTokens),
    colour: 'var(--tool)',
    stack: 'tokens',
  },
  { name: 'Input, kind not told', of: counted(untoldFreshInput), colour: 'var(--neutral)', stack: 'tokens' },
  { name: 'Text output', of: counted((each) => each.outputTextTokens), colour: 'var(--accent)', stack: 'tokens' },
  { name: 'Audio output', of: counted((each) => each.outputAudioTokens), colour: 'var(--server)', stack: 'tokens' },
  { name: 'Output, kind not told', of: counted(untoldOutput), colour: 'var(--accent-line)', stack: 'tokens' },
];
const COST: readonly Series<UsageDay>[] = [
  { name: 'Used', of: counted((each) => each.costUsd - each.wastedUsd), colour: 'var(--accent)', stack: 'cost' },
  { name: 'Wasted on cancelled responses', of: counted((each) => each.wastedUsd), colour: 'var(--warn)', stack: 'cost' },
];

/** Tokens by modality and cost, day by day. */
export function UsageCharts({ byDay }: { readonly byDay: readonly UsageDay[] }) {
  const told = TOKENS.filter(({ of }) => byDay.some((day) => of(day) !== 0));
  const shared = { rows: byDay, labelOf: (day: UsageDay) => day.at, formatTick: formatDay };
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Panel title="Tokens by modality">
        <BarsChart {...shared} label="Tokens by modality and day" series={told} format={formatShort} />
      </Panel>
      <Panel title="Cost">
        <BarsChart {...shared} label="Cost by day" series={COST} format={formatCost} formatAxis={formatCostTick} />
      </Panel>
    </div>
  );
}
