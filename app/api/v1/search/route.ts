import { keptId } from '#lib/base/kept-id.ts';
import type { Query } from '#lib/search/query.ts';
import { readQuery } from '#lib/search/search-error.ts';
import { countFacets } from '#lib/store/count-facets.ts';
import { findHits } from '#lib/store/find-hits.ts';
import { findPlaces } from '#lib/store/find-places.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { SEARCH } from '../_api/operations.ts';
import { answer, replyJson } from '../_api/reply.ts';
import { linkTo } from '../_api/session-link.ts';

export const GET = answer(SEARCH, async ({ query: { q, cursor, limit } }) => {
  const query = readQuery(q, Date.now());
  const store = sharedStore();
  const id = idOf(query);
  const [places, { hits, nextCursor }, counted] = await Promise.all([
    id === null || cursor !== undefined ? [] : findPlaces(store, id),
    findHits(store, { query, cursor, limit }),
    countFacets(store, query),
  ]);
  const linked = <Row extends Parameters<typeof linkTo>[0]>(row: Row) => ({ ...row, link: linkTo(row) });
  return replyJson({ places: places.map(linked), hits: hits.map(linked), nextCursor, ...counted });
});

/** The id that a query is, where it is nothing else, as it is kept: one that is too long for a key carries a hash. */
function idOf({ terms: [first, second] }: Query): string | null {
  return second === undefined && first?.kind === 'text' && first.isId && !first.negated ? keptId(first.text) : null;
}
