import type { WallMicros } from '#lib/base/brand.ts';
import type { AnomalyState } from '#lib/session/view.ts';
import { COMMIT_CHANNEL } from './commit-batch.ts';
import type { Store } from './connect.ts';
import { timeOf } from './read-rows.ts';

/** What a person says of all anomalies of one kind. */
export interface AnomalyGroupDecision {
  readonly fingerprint: string;
  readonly state: AnomalyState;
  /** Until when `muted` holds; null for good. Of no meaning to other states. */
  readonly mutedUntil: WallMicros | null;
}

/**
 * Notes what a person says of every anomaly of a kind and announces it; gives their number. Those found later raise no alerts
 * and count as that too, while the kind is acknowledged or muted.
 */
export async function setAnomalyGroupState(
  store: Store,
  { fingerprint, state, mutedUntil }: AnomalyGroupDecision,
): Promise<number> {
  const until = timeOf(state === 'muted' ? mutedUntil : null);
  const [changed] = await store.$transaction([
    store.$executeRaw`update anomaly set state = ${state}, state_changed_at = now(),
      muted_until = ${until} where fingerprint = ${fingerprint}`,
    store.$executeRaw`insert into anomaly_decision (fingerprint, state, muted_until)
      values (${fingerprint}, ${state}, ${until})
      on conflict (fingerprint) do update set state = excluded.state, muted_until = excluded.muted_until, decided_at = now()`,
    store.$executeRaw`select pg_notify(${COMMIT_CHANNEL}, '*')`,
  ]);
  return changed;
}
