import type { RuleRate, SessionSpan } from '#lib/session/sums.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { bucketOf, withinSpan } from './session-span.ts';

/** The findings of a rule against all sessions, over time and by provider. */
export async function readRuleRate(
  store: Store,
  ruleId: string,
  span: SessionSpan,
  bucketMs: number,
): Promise<readonly RuleRate[]> {
  return readRows(
    store,
    Prisma.sql`
      with found as (
        select session_id, count(*)::int as anomalies from anomaly
        where ${withinSpan('session_id', span)} and rule_id = ${ruleId} group by 1
      )
      select ${bucketOf('id', span, bucketMs)} as at, provider, count(*)::int as sessions, count(found.session_id)::int as affected,
        coalesce(sum(found.anomalies), 0)::int as anomalies
      from session left join found on found.session_id = id where ${withinSpan('id', span)} group by 1, 2 order by 1, 2`,
  );
}
