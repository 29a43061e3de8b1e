'use client';

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { EmptyState } from '../_ui/empty-state.tsx';
import { FirstSteps } from '../_ui/first-steps.tsx';
import { formatCount } from '../_ui/format.ts';
import { ProblemNote } from '../_ui/problem-note.tsx';
import type { Tap } from '../_ui/recipes.ts';
import type { SessionFilter } from './_list/session-filter.ts';
import { SessionFilterBar } from './_list/session-filter-bar.tsx';
import { SessionListSkeleton } from './_list/session-list-skeleton.tsx';
import { SessionTable } from './_list/session-table.tsx';
import type { SessionList } from './_list/use-session-list.ts';
import { useSessionList } from './_list/use-session-list.ts';

const PARSERS = {
  q: parseAsString.withDefault(''),
  status: parseAsStringLiteral(['', 'open', 'ended', 'lost', 'refused', 'failed'] as const).withDefault(''),
  provider: parseAsString.withDefault(''),
};

/** The list of sessions in the browser. */
export function SessionsScreen({ tap }: { readonly tap: Tap }) {
  const [params, setParams] = useQueryStates(PARSERS, { history: 'replace' });
  const filter = useMemo<SessionFilter>(() => ({ status: params.status, provider: params.provider, text: params.q }), [params]);
  const list = useSessionList(filter);
  const filtering = params.q !== '' || params.status !== '' || params.provider !== '';
  const empty = list.ready && list.held.rows.length === 0 && list.held.waiting.length === 0;
  if (empty && !filtering) return <FirstSteps tap={tap} />;
  return (
    <main className="flex min-h-0 flex-1 flex-col bg-surface">
      <SessionFilterBar
        filter={filter}
        providers={providersOf(list, params.provider)}
        onChange={({ text, status, provider }) =>
          void setParams({
            ...(text === undefined ? {} : { q: text }),
            ...(status === undefined ? {} : { status: status as typeof params.status }),
            ...(provider === undefined ? {} : { provider }),
          })
        }
        count={list.ready ? `${formatCount(list.held.rows.length)}${list.more ? '+' : ''} sessions` : ''}
      />
      {list.problem === null ? null : (
        <ProblemNote title="The sessions could not be read" code={list.problem.code}>
          {list.problem.message} Recording goes on; this page tries again when something changes.
        </ProblemNote>
      )}
      {list.ready ? null : list.problem === null ? <SessionListSkeleton /> : null}
      {empty ? (
        <EmptyState title="No session matches">Widen the filter, or clear it to see everything recorded.</EmptyState>
      ) : null}
      {list.ready && !empty ? (
        <SessionTable
          rows={list.held.rows}
          waiting={list.held.waiting.length}
          onNearEnd={list.readMore}
          onHold={list.setHold}
          onRelease={list.release}
        />
      ) : null}
    </main>
  );
}

/** Providers among what is held; the chosen one always among them. */
function providersOf(list: SessionList, chosen: string): readonly string[] {
  const found = new Set(list.held.rows.map((row) => row.provider));
  if (chosen !== '') found.add(chosen);
  return [...found].sort();
}
