import type { LiveNow } from '#lib/session/sums.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';

/** A call of less than a second has no rate yet. */
const LEAST_SECONDS = 1;

/** The sessions that are being recorded, and how much they bring; read from their rows, never from events. */
export async function readLiveNow(store: Store): Promise<LiveNow> {
  const rows = await readRows<LiveNow>(
    store,
    Prisma.sql`
      select count(*)::int as sessions, coalesce(sum((counts->>'events')::int / seconds), 0) as "eventsPerSecond",
        coalesce(sum(cost_usd / seconds * 60), 0) as "costPerMinuteUsd"
      from session, lateral (select greatest(extract(epoch from last_event_at - started_at), ${LEAST_SECONDS})::float8 as seconds) span
      where status = 'open'`,
  );
  return rows[0] ?? { sessions: 0, eventsPerSecond: 0, costPerMinuteUsd: 0 };
}
