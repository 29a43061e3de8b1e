import type { SessionId } from '#lib/base/brand.ts';
import type { Store } from './connect.ts';

/** Ids of all sessions that are not recorded any more, oldest first. */
export async function listEndedSessions(store: Store): Promise<readonly SessionId[]> {
  const rows = await store.$queryRaw<
    { id: SessionId }[]
  >`select id::text from session where status <> 'open' order by session.id`;
  return rows.map((row) => row.id);
}
