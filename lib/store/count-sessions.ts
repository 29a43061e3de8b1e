import type { Store } from './connect.ts';

/** How many sessions the store holds. */
export async function countSessions(store: Store): Promise<number> {
  return store.session.count();
}
