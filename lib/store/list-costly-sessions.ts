import type { SessionSpan } from '#lib/session/sums.ts';
import type { SessionView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { SESSION_COLUMNS } from './session-columns.ts';
import { withinSpan } from './session-span.ts';

/** The sessions of a span that cost most by list prices. */
export async function listCostlySessions(store: Store, span: SessionSpan, limit: number): Promise<readonly SessionView[]> {
  return readRows(
    store,
    Prisma.sql`select ${SESSION_COLUMNS} from session where ${withinSpan('id', span)} and cost_usd > 0
      order by cost_usd desc, id desc limit ${limit}`,
  );
}
