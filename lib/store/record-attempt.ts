import type { DeliveryAttempt, DeliveryState } from '#lib/alerts/incident.ts';
import type { Store } from './connect.ts';

/** Adds an attempt to a delivery's history, with the state that it left behind. What has arrived stays so, whatever is heard late of another attempt. */
export async function recordAttempt(store: Store, id: string, attempt: DeliveryAttempt, state: DeliveryState): Promise<void> {
  await store.$executeRaw`
    update delivery set attempts = attempts || jsonb_build_array(${JSON.stringify(attempt)}::jsonb),
      state = case when state = 'delivered' then state else ${state} end,
      delivered_at = case when ${state} = 'delivered' then coalesce(delivered_at, now()) else delivered_at end
    where id = ${id}::uuid`;
}
