import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { idTimeMs } from './session-span.ts';

/** When the oldest session's recording began, in milliseconds since 1970; null before anything is recorded. */
export async function readFirstSession(store: Store): Promise<number | null> {
  const rows = await readRows<{ at: number }>(store, Prisma.sql`select ${idTimeMs('id')} as at from session order by id limit 1`);
  return rows[0]?.at ?? null;
}
