import type { Activity, SessionSpan } from '#lib/session/sums.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { bucketOf, withinSpan } from './session-span.ts';
import { spentWithin, USAGE_SUMS } from './usage-sums.ts';

/** A span of time cut into parts of `bucketMs`; parts in which no session began are left out. */
export async function readActivity(store: Store, span: SessionSpan, bucketMs: number): Promise<readonly Activity[]> {
  const byId = bucketOf('id', span, bucketMs);
  const bySession = bucketOf('session_id', span, bucketMs);
  const within = withinSpan('session_id', span);
  return readRows(
    store,
    Prisma.sql`
      with ${spentWithin(span)}, sums as (select ${byId} as at, ${USAGE_SUMS} from spent group by 1),
      voice as (
        select ${bySession} as at, percentile_cont(0.5) within group (order by voice_to_voice_ms) as p50,
          percentile_cont(0.95) within group (order by voice_to_voice_ms) as p95
        from turn where ${within} and voice_to_voice_ms is not null group by 1
      ), found as (
        select ${bySession} as at, count(*)::int as anomalies,
          (count(*) filter (where rule_id = 'missing-delta' and severity <> 'info'))::int as missing
        from anomaly where ${within} group by 1
      )
      select sums.*, coalesce(found.missing, 0) as "missingDeltas", coalesce(found.anomalies, 0) as anomalies,
        voice.p50 as "voiceP50Ms", voice.p95 as "voiceP95Ms"
      from sums left join voice using (at) left join found using (at) order by at`,
  );
}
