import type { Store } from './connect.ts';

/** Days for which partitions exist ahead of time. */
const DAYS_AHEAD = 3;

/**
 * Makes the daily partitions of today and the days to come, of every partitioned table, where they are missing. Rows of those days
 * that were caught by a default partition move into their own. Safe to call from any number of processes.
 * @returns how many partitions were made
 */
export async function ensurePartitions(store: Store, now: Date = new Date()): Promise<number> {
  const rows = await store.$queryRaw<[{ made: number }]>`
    select deltascope_ensure_partitions(${dayOf(now)}::date, ${DAYS_AHEAD}::int) as made`;
  return rows[0].made;
}

/** A day in UTC, as `2026-11-21`. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
