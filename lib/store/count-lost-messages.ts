import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';

/** Messages known to be lost in the last 24 h, over all sessions; a loss whose size nobody knows counts as one. */
export async function countLostMessages(store: Store): Promise<number> {
  const found = await store.$queryRaw<[{ lost: number }]>(Prisma.sql`
    select coalesce(sum(coalesce(messages, 1)), 0)::float8 as lost from recording_loss where noticed_at > now() - interval '24 hours'`);
  return found[0].lost;
}
