import type { Store } from './connect.ts';

/** How many incidents are open. */
export async function countOpenIncidents(store: Store): Promise<number> {
  return store.incident.count({ where: { state: 'open' } });
}
