'use client';

import { useRouter } from 'next/navigation';
import { EmptyState } from '../_ui/empty-state.tsx';
import { FirstSteps } from '../_ui/first-steps.tsx';
import { formatHeld } from '../_ui/format.ts';
import { ProblemNote } from '../_ui/problem-note.tsx';
import type { Tap } from '../_ui/recipes.ts';
import { SessionFilterBar } from './_list/session-filter-bar.tsx';
import { SessionListSkeleton } from './_list/session-list-skeleton.tsx';
import { SessionTable } from './_list/session-table.tsx';
import { useSessionList } from './_list/use-session-list.ts';
import { FacetPanel } from './_search/facet-panel.tsx';
import { SearchHits } from './_search/search-hits.tsx';
import { useQuery } from './_search/use-query.ts';
import { useKnownValues, useSearch } from './_search/use-search.ts';

/** The list of sessions in the browser. */
export function SessionsScreen({ tap }: { readonly tap: Tap }) {
  const router = useRouter();
  const { text, asked, problems, setText } = useQuery();
  const list = useSessionList(asked);
  const search = useSearch(asked);
  const known = useKnownValues();
  const [place, ...others] = search.places;
  const empty = list.ready && list.held.rows.length === 0 && list.held.waiting.length === 0;
  if (empty && text === '' && asked === '') return <FirstSteps tap={tap} />;
  return (
    <main className="flex min-h-0 flex-1 flex-col bg-surface">
      <SessionFilterBar
        text={text}
        problems={problems}
        known={known}
        onChange={setText}
        onEnter={() => {
          if (place !== undefined && others.length === 0) router.push(place.link);
        }}
        count={list.ready ? formatHeld(list.held.rows.length, 'session', list.more) : ''}
      />
      {list.problem === null ? null : (
        <ProblemNote title="The sessions could not be read" code={list.problem.code}>
          {list.problem.message} Recording goes on; this page tries again when something changes.
        </ProblemNote>
      )}
      <div className="flex min-h-0 flex-1">
        <FacetPanel text={text} facets={search.facets} onChange={setText} />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <SearchHits result={search} />
          {list.ready ? null : list.problem === null ? <SessionListSkeleton /> : null}
          {empty && place === undefined && problems.length === 0 ? (
            <EmptyState title="No session matches">Widen the search, or clear it to see everything recorded.</EmptyState>
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
        </div>
      </div>
    </main>
  );
}
