import type { ItemView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import type { EntityRequest } from './entity-request.ts';
import { Prisma } from './generated/client.ts';
import { readRows, selectList } from './read-rows.ts';

/** The select list of a `ItemView`. */
export const ITEM_COLUMNS = selectList(
  `id ordinal first_seq last_seq type role status previous_item_id response_id call_id name text text_final arguments_text output
   transcription_status error_message audio_ms truncated_at_ms deleted`,
  'created_at done_at',
);

/** Conversation and output items of a session, in the order in which they were first seen. */
export async function listItems(store: Store, { sessionId, after = 0, limit }: EntityRequest): Promise<readonly ItemView[]> {
  return readRows(
    store,
    Prisma.sql`select ${ITEM_COLUMNS} from item where session_id = ${sessionId}::uuid and ordinal > ${after} order by ordinal limit ${limit ?? null}`,
  );
}
