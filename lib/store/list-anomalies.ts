import type { SessionId } from '#lib/base/brand.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import { IS_DECIDED } from './anomaly-decision.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows, selectList } from './read-rows.ts';

const STORED_COLUMNS = selectList(
  'session_id id rule_id rule_version severity variant fingerprint from_seq to_seq last_seq evidence values',
  'at state_changed_at found_at',
);

/** What was said of the kind of an anomaly, where it holds for one found since. */
const ofKind = (column: string) =>
  Prisma.sql`(select ${Prisma.raw(column)} from anomaly_decision d where d.fingerprint = anomaly.fingerprint and ${IS_DECIDED})`;

/** Nobody has said anything of it alone. */
const IS_UNTOUCHED = Prisma.sql`(state = 'open' and state_changed_at is null)`;

const IS_OVER = Prisma.sql`(state = 'muted' and muted_until <= now())`;

/** The select list of an `AnomalyView`, with its state as of now: a mute that is over holds no more, what was said of its kind holds too. */
export const ANOMALY_COLUMNS = Prisma.sql`${STORED_COLUMNS},
  case when ${IS_UNTOUCHED} then coalesce(${ofKind('d.state')}, 'open') when ${IS_OVER} then 'open' else state end as "state",
  (extract(epoch from case when ${IS_UNTOUCHED} then ${ofKind('d.muted_until')} when not ${IS_OVER} then muted_until end) * 1000000)::bigint
    as "mutedUntil"`;

/** Anomalies of a session, in the order of what they are about. */
export async function listAnomalies(store: Store, sessionId: SessionId): Promise<readonly AnomalyView[]> {
  return readRows(
    store,
    Prisma.sql`select ${ANOMALY_COLUMNS} from anomaly where session_id = ${sessionId}::uuid order by from_seq, id`,
  );
}
