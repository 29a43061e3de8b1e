import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows, selectList } from './read-rows.ts';

/** Messages of a session that were relayed but not recorded. */
export interface LossRow {
  readonly cause: string;
  readonly fromSeq: number | null;
  readonly toSeq: number | null;
  /** Null where nobody can know. */
  readonly messages: number | null;
  readonly bytes: number | null;
  readonly detail: string;
  readonly noticedAt: WallMicros;
}

/** What is known to be lost of a session, in the order in which it was noticed. */
export async function readLosses(store: Store, sessionId: SessionId): Promise<readonly LossRow[]> {
  const columns = selectList('cause from_seq to_seq messages bytes detail', 'noticed_at');
  return readRows(store, Prisma.sql`select ${columns} from recording_loss where session_id = ${sessionId}::uuid order by id`);
}
