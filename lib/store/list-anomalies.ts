import type { SessionId } from '#lib/base/brand.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows, selectList } from './read-rows.ts';

/** The select list of an `AnomalyView`. */
export const ANOMALY_COLUMNS = selectList(
  'session_id id rule_id rule_version severity variant fingerprint from_seq to_seq last_seq evidence values state',
  'at muted_until state_changed_at found_at',
);

/** Anomalies of a session, in the order of what they are about. */
export async function listAnomalies(store: Store, sessionId: SessionId): Promise<readonly AnomalyView[]> {
  return readRows(
    store,
    Prisma.sql`select ${ANOMALY_COLUMNS} from anomaly where session_id = ${sessionId}::uuid order by from_seq, id`,
  );
}
