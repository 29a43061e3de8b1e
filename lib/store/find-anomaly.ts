import type { SessionId } from '#lib/base/brand.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import { ANOMALIES_NOW } from './anomaly-decision.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { ANOMALY_COLUMNS } from './list-anomalies.ts';
import { readRows } from './read-rows.ts';

/** One anomaly, or null. */
export async function findAnomaly(store: Store, sessionId: SessionId, id: string): Promise<AnomalyView | null> {
  const rows = await readRows<AnomalyView>(
    store,
    Prisma.sql`select ${ANOMALY_COLUMNS} from ${ANOMALIES_NOW} where a.session_id = ${sessionId}::uuid and a.id = ${id}`,
  );
  return rows[0] ?? null;
}
