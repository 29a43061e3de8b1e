import type { ShareCondition } from '#lib/alerts/alert-rule.ts';
import type { ResponseTally } from '#lib/alerts/share.ts';
import type { WallMicros } from '#lib/base/brand.ts';
import { meets } from './filter-sessions.ts';
import { Prisma } from './generated/client.ts';
import type { RowReader } from './read-rows.ts';
import { readRows, timeOf } from './read-rows.ts';

/** What a share counts of a response `r`. */
function countedBy({ of, reason }: ShareCondition): Prisma.Sql {
  switch (of) {
    case 'cancelled':
      return Prisma.sql`r.status = 'cancelled' and (${reason}::text is null or r.reason = ${reason})`;
    case 'failed':
      return Prisma.sql`r.status = 'failed'`;
    case 'missing-delta':
      return Prisma.sql`exists (select from anomaly a where a.session_id = r.session_id and a.rule_id = 'missing-delta'
        and a.severity <> 'info' and a.values ->> 'responseId' = r.id)`;
  }
}

/**
 * The responses that ended since a moment, counted by what rules may ask of their sessions. Found by the sessions that had a message
 * since: there is no scan over responses. Imports tell of the past and do not count; one of our own export keeps the mode of its
 * capture, so they are told by their file.
 */
export async function readResponseTallies(
  store: RowReader,
  condition: ShareCondition,
  since: WallMicros,
): Promise<readonly ResponseTally[]> {
  return readRows(
    store,
    Prisma.sql`select provider, model, tags, count(*) as responses, count(*) filter (where counted) as counted,
        (array_agg(json_build_object('sessionId', session_id, 'seq', seq) order by done_at desc) filter (where counted))[1] as place
      from (
        select session.provider, session.model, session.tags, r.session_id, coalesce(r.done_seq, r.last_seq) as seq, r.done_at,
          (${countedBy(condition)}) as counted
        from session join response r on r.session_id = session.id
        where session.last_event_at >= ${timeOf(since)} and session.source_file is null and r.done_at >= ${timeOf(since)}
          and ${meets(condition.where.query ?? '')}
      ) ended
      group by provider, model, tags order by max(done_at)`,
  );
}
