import type { SessionId } from '#lib/base/brand.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import { ANOMALIES_NOW, MUTED_UNTIL_NOW, STATE_NOW } from './anomaly-decision.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows, selectList } from './read-rows.ts';

const STORED_COLUMNS = selectList(
  'a.session_id a.id a.rule_id a.rule_version a.severity a.variant a.fingerprint a.from_seq a.to_seq a.last_seq a.evidence a.values',
  'a.at a.state_changed_at a.found_at',
);

/** The select list of an `AnomalyView`, of `ANOMALIES_NOW`. */
export const ANOMALY_COLUMNS = Prisma.sql`${STORED_COLUMNS}, ${STATE_NOW} as "state",
  (extract(epoch from ${MUTED_UNTIL_NOW}) * 1000000)::bigint as "mutedUntil"`;

/** Anomalies of a session, in the order of what they are about. */
export async function listAnomalies(store: Store, sessionId: SessionId): Promise<readonly AnomalyView[]> {
  return readRows(
    store,
    Prisma.sql`select ${ANOMALY_COLUMNS} from ${ANOMALIES_NOW} where a.session_id = ${sessionId}::uuid order by a.from_seq, a.id`,
  );
}
