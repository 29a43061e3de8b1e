import type { SessionSpan } from '#lib/session/sums.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { bucketOf, withinSpan } from './session-span.ts';

/** How many anomalies of a kind the sessions of one part of a span had. */
export interface AnomalyTrendPoint {
  readonly fingerprint: string;
  /** Start of the part, in milliseconds since 1970. */
  readonly at: number;
  readonly anomalies: number;
}

/** Anomalies of some kinds over time; parts without any are left out. */
export async function readAnomalyTrend(
  store: Store,
  fingerprints: readonly string[],
  span: SessionSpan,
  bucketMs: number,
): Promise<readonly AnomalyTrendPoint[]> {
  return readRows(
    store,
    Prisma.sql`select fingerprint, ${bucketOf('session_id', span, bucketMs)} as at, count(*)::int as anomalies from anomaly
      where ${withinSpan('session_id', span)} and fingerprint = any(${[...fingerprints]}::text[]) group by 1, 2 order by 2`,
  );
}
