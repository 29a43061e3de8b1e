'use client';

import type { UsageTotals } from '#lib/protocol/usage.ts';
import type { ResponseView } from '#lib/session/view.ts';
import { BarsChart } from '../../../_charts/bars-chart.tsx';
import { LinesChart } from '../../../_charts/lines-chart.tsx';
import { Panel } from '../../../_charts/panel.tsx';
import type { Series } from '../../../_charts/series.ts';
import { formatCost, formatCostTick, formatShort } from '../../../_ui/format.ts';

type Reported = ResponseView & { readonly usage: UsageTotals };

const TOKENS: readonly Series<Reported>[] = [
  { name: 'Cached input', of: ({ usage }) => usage.cachedTokens, colour: 'var(--line-strong)', stack: 'tokens' },
  {
    name: 'Audio input',
    of: ({ usage }) => usage.inputAudioTokens - usage.cachedAudioTokens,
    colour: 'var(--client)',
    stack: 'tokens',
  },
  { name: 'Other input', of: otherInput, colour: 'var(--item)', stack: 'tokens' },
  { name: 'Audio output', of: ({ usage }) => usage.outputAudioTokens, colour: 'var(--server)', stack: 'tokens' },
  {
    name: 'Other output',
    of: ({ usage }) => usage.outputTokens - usage.outputAudioTokens,
    colour: 'var(--accent)',
    stack: 'tokens',
  },
];
const COST: readonly Series<Reported>[] = [
  {
    name: 'Cost',
    of: ({ status, costUsd }) => (status === 'cancelled' ? null : costUsd),
    colour: 'var(--accent)',
    stack: 'cost',
  },
  {
    name: 'Cost, cancelled',
    of: ({ status, costUsd }) => (status === 'cancelled' ? costUsd : null),
    colour: 'var(--warn)',
    stack: 'cost',
  },
];
const CONTEXT: readonly Series<Reported>[] = [
  // A response that was cancelled before it began reports 0: it read no context, the context did not shrink.
  { name: 'Input tokens', of: ({ usage }) => usage.inputTokens || null, colour: 'var(--client)' },
];

/** What each response used and cost, and how the context that it was given grew. */
export function ResponseCharts({ responses }: { readonly responses: readonly ResponseView[] }) {
  const rows = responses.filter((response): response is Reported => response.usage !== null);
  if (rows.length === 0) return null;
  const shared = {
    rows,
    labelOf: (row: Reported) => row.ordinal,
    formatTick: (ordinal: string | number) => `#${ordinal}`,
    formatLabel: (ordinal: unknown) => `Response ${ordinal}`,
    height: 150,
  };
  return (
    <div className="grid min-w-0 gap-4">
      <Panel title="Tokens by response">
        <BarsChart {...shared} label="Tokens by response" series={TOKENS} format={formatShort} />
      </Panel>
      {rows.every((row) => row.costUsd === null) ? null : (
        <Panel title="Cost by response" aside="by list prices">
          <BarsChart {...shared} label="Cost by response" series={COST} format={formatCost} formatAxis={formatCostTick} />
        </Panel>
      )}
      <Panel title="Context growth" aside="input tokens of each response">
        <LinesChart {...shared} label="Context growth" series={CONTEXT} format={formatShort} />
      </Panel>
    </div>
  );
}

function otherInput({ usage }: Reported): number {
  return Math.max(0, usage.inputTokens - usage.inputAudioTokens - (usage.cachedTokens - usage.cachedAudioTokens));
}
