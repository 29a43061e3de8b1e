import { DAY_MS } from '#lib/base/durations.ts';
import type { Store } from './connect.ts';
import { dayOf } from './partitions.ts';

/**
 * Drops the partitions whose last day is more than `retentionDays` ago, and rows of those days outside any partition.
 * Retention counts from when a session was first recorded here, which is the time in its id. 0 keeps everything.
 * @returns the names of the partitions that were dropped
 */
export async function dropExpired(store: Store, retentionDays: number, now: Date = new Date()): Promise<readonly string[]> {
  if (retentionDays === 0) return [];
  const before = dayOf(new Date(now.getTime() - retentionDays * DAY_MS));
  const rows = await store.$queryRaw<{ name: string }[]>`select deltascope_drop_expired(${before}::date) as name`;
  return rows.map((row) => row.name);
}
