// biome-ignore-all lint/a11y/noRedundantRoles: rows that are laid out as grids are no rows to a screen reader unless they say so
'use client';

import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Json, JsonObject } from '#lib/base/json.ts';
import { Badge } from '../../../_ui/badge.tsx';
import { Button } from '../../../_ui/button.tsx';
import { cn } from '../../../_ui/class-names.ts';
import type { ConfigLeaf } from './config-leaves.ts';
import { configLeaves } from './config-leaves.ts';

interface ConfigTableProps {
  readonly requested: JsonObject;
  readonly effective: JsonObject;
  readonly provider: string;
}

/** What was asked for beside what holds, leaf by leaf. */
export function ConfigTable({ requested, effective, provider }: ConfigTableProps) {
  const [all, setAll] = useState(false);
  const leaves = configLeaves(requested, effective, provider);
  const differing = leaves.filter(isDifferent);
  const defaults = leaves.filter((leaf) => leaf.verdict === 'default').length;
  return (
    <section className="m-4 mb-0 overflow-hidden rounded-lg border bg-surface" aria-label="Requested and in effect">
      <div className="flex min-h-9 flex-wrap items-center gap-2 border-b px-3 py-1">
        <h2 className="font-medium text-xs">Requested and in effect</h2>
        <span className={cn('text-xs', differing.length > 0 ? 'text-warn' : 'text-faint')}>
          {differing.length === 0 ? 'all that was asked for holds' : `${differing.length} not as asked for`}
        </span>
        {defaults === 0 ? null : (
          <Button className="ml-auto h-6 text-2xs" pressed={all} onClick={() => setAll(!all)}>
            {defaults} defaults of the provider
          </Button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div role="region" aria-label="Settings" tabIndex={0} className="relative overflow-x-auto">
        <table role="table" className="w-full table-fixed border-collapse text-xs">
          <thead role="rowgroup" className="text-left text-2xs text-faint">
            <tr role="row" className="border-b max-sm:grid max-sm:grid-cols-2 max-sm:items-center">
              <th role="columnheader" className="h-7 w-[30%] px-3 font-normal max-sm:sr-only">
                Setting
              </th>
              <th role="columnheader" className="h-7 w-[35%] px-3 font-normal max-sm:w-auto max-sm:leading-7">
                Requested
              </th>
              <th role="columnheader" className="h-7 px-3 font-normal max-sm:leading-7">
                In effect
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {leaves.map((leaf) =>
              leaf.verdict === 'default' && !all ? null : (
                <tr
                  role="row"
                  key={leaf.path}
                  data-verdict={leaf.verdict}
                  className={cn(
                    'border-b align-top last:border-0 max-sm:grid max-sm:grid-cols-2',
                    isDifferent(leaf) && 'bg-warn-soft',
                  )}
                >
                  <th
                    role="rowheader"
                    scope="row"
                    className="px-3 py-1.5 text-left font-mono font-normal text-2xs leading-5 [overflow-wrap:anywhere] max-sm:col-span-2 max-sm:pb-0 max-sm:text-muted"
                  >
                    {leaf.path}
                  </th>
                  <Leaf value={leaf.requested} none="not asked for" />
                  <Leaf value={leaf.effective} none="not reported">
                    {isDifferent(leaf) ? <Badge tone="warn">{leaf.verdict}</Badge> : null}
                  </Leaf>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function isDifferent({ verdict }: ConfigLeaf): boolean {
  return verdict === 'different' || verdict === 'missing';
}

/** Longest value shown in a cell; the panes below hold it whole. */
const MOST_CHARACTERS = 300;

interface LeafProps {
  readonly value: Json | undefined;
  readonly none: string;
  readonly children?: ReactNode;
}

function Leaf({ value, none, children }: LeafProps) {
  const text = value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <td role="cell" className="px-3 py-1.5 leading-5">
      <span className="mr-2 [overflow-wrap:anywhere]">
        {text === null ? (
          <span className="text-muted">{none}</span>
        ) : (
          <span className="font-mono text-2xs">
            {text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text || '""'}
          </span>
        )}
      </span>
      {children}
    </td>
  );
}
