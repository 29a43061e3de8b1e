import type { Query } from '#lib/search/query.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRowsWithin } from './read-rows-within.ts';
import { searchConditions } from './search-condition.ts';

/** How many sessions a term would leave. */
export interface FacetCount {
  readonly field: 'provider' | 'model' | 'transport' | 'status' | 'reason' | 'rule' | 'tool' | 'error' | 'tag';
  readonly value: string;
  readonly sessions: number;
}

export interface FacetCounts {
  /** Sessions that match, of the newest `FACET_SESSIONS` that do. */
  readonly sessions: number;
  /** By field, most sessions first. */
  readonly facets: readonly FacetCount[];
}

/** Sessions that are counted. */
const FACET_SESSIONS = 10_000;
const MOST_VALUES = 12;

/** What the sessions that match a query have in common, counted. */
export async function countFacets(store: Store, query: Query): Promise<FacetCounts> {
  const conditions = searchConditions(query);
  const where = conditions.length === 0 ? Prisma.empty : Prisma.sql`where ${Prisma.join(conditions, ' and ')}`;
  const rows = await readRowsWithin<FacetCount | { readonly field: 'all'; readonly sessions: number }>(store, facetsOf(where));
  const all = rows.find((row) => row.field === 'all')?.sessions ?? 0;
  return { sessions: all, facets: rows.filter((row): row is FacetCount => row.field !== 'all') };
}

/**
 * A state can be that of the session and that of one of its responses: each session counts once. Values that differ only in case are one,
 * as they are to a query; the one in small letters is shown.
 */
function facetsOf(where: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    with matching as materialized (
      select session.id, session.provider, normalize(session.model) as model, session.transport, session.status::text as status
      from session ${where} order by session.id desc limit ${FACET_SESSIONS}
    ), found as (
      select 'provider' as field, provider as value, count(*) as sessions from matching group by provider
      union all select 'model', max(model collate "C"), count(*) from matching where model is not null group by lower(model)
      union all select 'transport', transport, count(*) from matching group by transport
      union all select 'status', value, count(distinct id) from (
        select id, status as value from matching
        union all select f.session_id, substr(f.facet, 10) from session_facet f join matching m on m.id = f.session_id
          where f.facet like 'response:%' and f.facet <> 'response:completed'
      ) s group by value
      union all select split_part(facet, ':', 1), substr(facet, strpos(facet, ':') + 1), sessions from (
        select max(f.facet collate "C") as facet, count(distinct f.session_id) as sessions
        from session_facet f join matching m on m.id = f.session_id where f.facet not like 'response:%' group by lower(f.facet)
      ) facts
    ), ranked as (
      select field, value, sessions, row_number() over (partition by field order by sessions desc, value) as place from found
    )
    select field, value, sessions::int from ranked where place <= ${MOST_VALUES}
    union all select 'all', '', (select count(*)::int from matching)
    order by field, sessions desc, value`;
}
