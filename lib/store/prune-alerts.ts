import type { Store } from './connect.ts';

/**
 * Deletes incidents that were resolved, and messages that were settled, more than `days` ago; 0 keeps them for ever.
 * @returns how many rows went
 */
export async function pruneAlerts(store: Store, days: number): Promise<number> {
  if (days === 0) return 0;
  const counts = await store.$transaction([
    store.$executeRaw`delete from delivery where state <> 'pending' and created_at < now() - make_interval(days => ${days}::int)`,
    store.$executeRaw`delete from incident where state = 'resolved' and resolved_at < now() - make_interval(days => ${days}::int)`,
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}
