import type { Store } from './connect.ts';

/** How many sessions are being recorded now. */
export async function countOpenSessions(store: Store): Promise<number> {
  return store.session.count({ where: { status: 'open' } });
}
