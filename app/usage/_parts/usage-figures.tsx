import { formatCost, formatCount, formatPercent, formatPlural, formatShort } from '../../_ui/format.ts';
import type { UsageDay } from './usage-charts.tsx';

/** The sums of the span. */
export function UsageFigures({ byDay }: { readonly byDay: readonly UsageDay[] }) {
  const days = byDay.flatMap(({ usage }) => (usage === null ? [] : [usage]));
  const sum = (of: (usage: (typeof days)[number]) => number) => days.reduce((total, usage) => total + of(usage), 0);
  const [cost, wasted, input, cached] = [
    sum((each) => each.costUsd),
    sum((each) => each.wastedUsd),
    sum((each) => each.inputTokens),
    sum((each) => each.cachedTokens),
  ];
  const unpriced = sum((each) => each.unpriced);
  const figures: readonly (readonly [name: string, value: string, detail: string])[] = [
    [
      'Cost',
      formatCost(cost),
      unpriced === 0 ? 'every price is known' : `${formatPlural(unpriced, 'session', formatCount)} without a known price`,
    ],
    ['Wasted cost', formatCost(wasted), `${formatPercent(cost === 0 ? 0 : wasted / cost)} of it, on cancelled responses`],
    ['Input tokens', formatShort(input), `${formatPercent(input === 0 ? 0 : cached / input)} from the cache`],
    [
      'Output tokens',
      formatShort(sum((each) => each.outputTokens)),
      `${formatShort(sum((each) => each.outputAudioTokens))} of them audio`,
    ],
    [
      'Sessions',
      formatCount(sum((each) => each.sessions)),
      formatPlural(
        sum((each) => each.responses),
        'response',
        formatCount,
      ),
    ],
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-5">
      {figures.map(([name, value, detail]) => (
        <div key={name} className="rounded-lg border bg-surface px-4 py-3">
          <dt className="truncate text-faint text-xs">{name}</dt>
          <dd className="mt-1 font-semibold text-xl tracking-tight">{value}</dd>
          <dd className="mt-0.5 text-2xs text-faint">{detail}</dd>
        </div>
      ))}
    </dl>
  );
}
