'use client';

import { Download } from 'lucide-react';
import type { UsageGroup, UsageRow } from '#lib/session/sums.ts';
import { Panel } from '../../_charts/panel.tsx';
import { Button } from '../../_ui/button.tsx';
import { cn } from '../../_ui/class-names.ts';
import { formatCost, formatCount, formatPercent, formatShort } from '../../_ui/format.ts';
import { GROUPS } from '../_state/usage-params.ts';
import { usageCsv } from './usage-csv.ts';

interface UsageTableProps {
  readonly rows: readonly UsageRow[];
  readonly group: UsageGroup;
  readonly onGroup: (group: UsageGroup) => void;
  readonly days: number;
}

const COLUMNS: readonly (readonly [title: string, of: (row: UsageRow) => string])[] = [
  ['Sessions', (row) => formatCount(row.sessions)],
  ['Responses', (row) => formatCount(row.responses)],
  ['Cancelled', (row) => formatCount(row.cancelled)],
  ['In', (row) => formatShort(row.inputTokens)],
  ['Text in', (row) => formatShort(row.inputTextTokens)],
  ['Audio in', (row) => formatShort(row.inputAudioTokens)],
  ['Cached', (row) => (row.inputTokens === 0 ? '–' : formatPercent(row.cachedTokens / row.inputTokens))],
  ['Out', (row) => formatShort(row.outputTokens)],
  ['Text out', (row) => formatShort(row.outputTextTokens)],
  ['Audio out', (row) => formatShort(row.outputAudioTokens)],
  ['Cost', (row) => formatCost(row.costUsd)],
  ['Wasted', (row) => formatCost(row.wastedUsd)],
];

/** Usage by what sessions have in common, with the same as a file. */
export function UsageTable({ rows, group, onGroup, days }: UsageTableProps) {
  const most = Math.max(...rows.map((row) => row.costUsd), 0);
  return (
    <Panel
      title={`By ${group}`}
      aside={
        <div className="flex flex-wrap items-center gap-1 py-1">
          {GROUPS.map((each) => (
            <Button key={each} className="h-6 text-2xs" pressed={each === group} onClick={() => onGroup(each)}>
              {each}
            </Button>
          ))}
          <Button className="ml-2 h-6 text-2xs" onClick={() => download(usageCsv(rows, group), `usage-${group}-${days}d.csv`)}>
            <Download className="size-3" aria-hidden="true" />
            CSV
          </Button>
        </div>
      }
    >
      {group === 'tag' ? <p className="px-4 text-faint text-xs">A session with several tags counts under each of them.</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div role="region" aria-label={`Usage by ${group}`} tabIndex={0} className="max-h-96 overflow-auto px-4 pb-3">
        <table className="w-full min-w-[58rem] text-xs">
          <thead className="sticky top-0 bg-surface text-2xs text-faint">
            <tr>
              <th className="h-8 text-left font-normal capitalize">{group}</th>
              {COLUMNS.map(([title]) => (
                <th key={title} className="pl-3 text-right font-normal">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key ?? ''} className="border-t hover:bg-hover">
                <th scope="row" className="max-w-80 py-1.5 text-left font-normal">
                  <span className="block truncate">{row.key ?? `no ${group}`}</span>
                  <span className="mt-1 block h-1 rounded bg-raised" aria-hidden="true">
                    <span
                      className="block h-full rounded bg-accent-line"
                      style={{ width: `${most === 0 ? 0 : (row.costUsd / most) * 100}%` }}
                    />
                  </span>
                </th>
                {COLUMNS.map(([title, of]) => (
                  <td key={title} className={cn('pl-3 text-right', title === 'Wasted' && row.wastedUsd > 0 && 'text-warn')}>
                    {of(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function download(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
