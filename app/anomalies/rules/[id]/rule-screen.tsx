'use client';

import Link from 'next/link';
import type { RuleMeta } from '#lib/rules/rule.ts';
import type { RuleRate } from '#lib/session/sums.ts';
import { BarsChart } from '../../../_charts/bars-chart.tsx';
import { LinesChart } from '../../../_charts/lines-chart.tsx';
import { Panel } from '../../../_charts/panel.tsx';
import type { Series } from '../../../_charts/series.ts';
import { formatCount, formatDay, formatPercent } from '../../../_ui/format.ts';
import { SeverityMark } from '../../../_ui/severity-mark.tsx';
import { RuleWords } from './rule-words.tsx';

interface RuleScreenProps {
  readonly meta: RuleMeta;
  readonly rates: readonly RuleRate[];
  readonly days: readonly number[];
}

interface Day {
  readonly at: number;
  readonly byProvider: ReadonlyMap<string, RuleRate>;
}

const COLOURS = ['--accent', '--server', '--client', '--warn', '--tool', '--item', '--neutral'] as const;

/** A rule in the browser: its rate first, then its words. */
export function RuleScreen({ meta, rates, days }: RuleScreenProps) {
  const providers = [...new Set(rates.map((rate) => rate.provider))].sort();
  const rows: readonly Day[] = days.map((at) => ({
    at,
    byProvider: new Map(rates.filter((rate) => rate.at === at).map((rate) => [rate.provider, rate])),
  }));
  const seriesOf = (of: (rate: RuleRate) => number, missing: number | null, stack?: string): readonly Series<Day>[] =>
    providers.map((provider, index) => ({
      name: provider,
      colour: `var(${COLOURS[index % COLOURS.length]})`,
      of: ({ byProvider }) => {
        const rate = byProvider.get(provider);
        return rate === undefined ? missing : of(rate);
      },
      ...(stack === undefined ? {} : { stack }),
    }));
  const shared = {
    rows,
    labelOf: (day: Day) => day.at,
    formatTick: formatDay,
    formatLabel: (at: unknown) => formatDay(at as number),
  };
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto max-w-6xl space-y-4 p-4">
        <header className="flex flex-wrap items-center gap-2 pt-1">
          <Link href="/anomalies" className="text-faint hover:text-ink">
            Anomalies
          </Link>
          <span className="text-faint" aria-hidden="true">
            /
          </span>
          <h1 className="font-mono font-semibold text-sm">{meta.id}</h1>
          <SeverityMark severity={meta.severity} />
          <span className="text-faint text-xs">version {meta.version}</span>
          <Link href={`/anomalies?rule=${meta.id}&state=all`} className="ml-auto text-accent text-xs hover:underline">
            All that it found
          </Link>
        </header>
        <div className="grid gap-4 lg:grid-cols-2">
          <Panel title="Sessions affected" aside={`share, by day, ${days.length} days`}>
            <LinesChart
              {...shared}
              label="Share of sessions affected, by day and provider"
              series={seriesOf((rate) => rate.affected / rate.sessions, null)}
              format={formatPercent}
            />
          </Panel>
          <Panel title="Found" aside="by day and provider">
            <BarsChart
              {...shared}
              label="Anomalies found, by day and provider"
              series={seriesOf((rate) => rate.anomalies, 0, 'found')}
              format={formatCount}
            />
          </Panel>
        </div>
        <ProviderTable providers={providers} rates={rates} />
        <RuleWords meta={meta} />
      </div>
    </main>
  );
}

function ProviderTable({ providers, rates }: { readonly providers: readonly string[]; readonly rates: readonly RuleRate[] }) {
  if (providers.length === 0) return null;
  return (
    <Panel title="By provider">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div role="region" aria-label="By provider" tabIndex={0} className="overflow-x-auto px-4 pb-3">
        <table className="w-full text-left text-xs">
          <thead className="text-2xs text-faint">
            <tr>
              <th className="h-7 font-normal">Provider</th>
              <th className="text-right font-normal">Found</th>
              <th className="text-right font-normal">Sessions affected</th>
              <th className="text-right font-normal">of all</th>
            </tr>
          </thead>
          <tbody>
            {providers.map((provider) => {
              const own = rates.filter((rate) => rate.provider === provider);
              const sum = (of: (rate: RuleRate) => number) => own.reduce((total, rate) => total + of(rate), 0);
              const [sessions, affected] = [sum((rate) => rate.sessions), sum((rate) => rate.affected)];
              return (
                <tr key={provider} className="border-t">
                  <th scope="row" className="h-8 font-normal">
                    {provider}
                  </th>
                  <td className="text-right">{formatCount(sum((rate) => rate.anomalies))}</td>
                  <td className="text-right">
                    {formatCount(affected)} of {formatCount(sessions)}
                  </td>
                  <td className="text-right">{formatPercent(affected / sessions)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
