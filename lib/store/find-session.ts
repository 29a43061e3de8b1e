import type { SessionId } from '#lib/base/brand.ts';
import type { SessionView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { SESSION_COLUMNS } from './session-columns.ts';

/** One session, or null where it was never recorded or is erased. */
export async function findSession(store: Store, id: SessionId): Promise<SessionView | null> {
  const rows = await readRows<SessionView>(store, Prisma.sql`select ${SESSION_COLUMNS} from session where id = ${id}::uuid`);
  return rows[0] ?? null;
}

/** The sessions of these ids that exist, newest first. */
export async function findSessions(store: Store, ids: readonly SessionId[]): Promise<readonly SessionView[]> {
  return readRows(store, Prisma.sql`select ${SESSION_COLUMNS} from session where id = any(${[...ids]}::uuid[]) order by id desc`);
}
