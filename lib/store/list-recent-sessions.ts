import type { SessionView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { SESSION_COLUMNS } from './session-columns.ts';

/** The sessions in which something happened last, newest first by id; where a notice does not say which changed. */
export async function listRecentSessions(store: Store, limit: number): Promise<readonly SessionView[]> {
  return readRows(
    store,
    Prisma.sql`select ${SESSION_COLUMNS} from session
      where id = any(array(select id from session where last_event_at is not null order by last_event_at desc limit ${limit})
        || array(select id from session order by id desc limit ${limit}))
      order by id desc limit ${limit}`,
  );
}
