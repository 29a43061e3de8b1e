import type { Store } from './connect.ts';

/** Deletes the sessions of people that are over by their time: nothing else does, and a cookie of one is refused with or without its row. */
export async function deleteExpiredSignIns(store: Store): Promise<void> {
  await store.authSession.deleteMany({ where: { expiresAt: { lte: new Date() } } });
}
