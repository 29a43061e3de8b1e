import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { AnomalyState } from '#lib/session/view.ts';
import { COMMIT_CHANNEL } from './commit-batch.ts';
import type { Store } from './connect.ts';
import { timeOf } from './read-rows.ts';

/** What a person says of an anomaly. */
export interface AnomalyDecision {
  readonly sessionId: SessionId;
  readonly id: string;
  readonly state: AnomalyState;
  /** Until when `muted` holds; null for good. Of no meaning to other states. */
  readonly mutedUntil: WallMicros | null;
}

/** Notes what a person says of an anomaly and announces it; false where there is no such anomaly. */
export async function setAnomalyState(store: Store, { sessionId, id, state, mutedUntil }: AnomalyDecision): Promise<boolean> {
  const until = timeOf(state === 'muted' ? mutedUntil : null);
  const [changed] = await store.$transaction([
    store.$executeRaw`update anomaly set state = ${state}, state_changed_at = now(),
      muted_until = ${until} where session_id = ${sessionId}::uuid and id = ${id}`,
    store.$executeRaw`select pg_notify(${COMMIT_CHANNEL}, json_build_array(json_build_array(id, last_seq))::text)
      from session where id = ${sessionId}::uuid`,
  ]);
  return changed > 0;
}
