import type { ResponseView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import type { EntityRequest } from './entity-request.ts';
import { Prisma } from './generated/client.ts';
import { readRows, selectList } from './read-rows.ts';

/** The select list of a `ResponseView`. */
export const RESPONSE_COLUMNS = selectList(
  `id ordinal first_seq last_seq status reason error_code error_message done_seq conversation_id modalities item_ids usage cost_usd
   audio_deltas audio_ms answers_item_id metadata`,
  'created_at first_output_at first_audio_at done_at',
);

/** Responses of a session, in the order in which they were first seen. */
export async function listResponses(
  store: Store,
  { sessionId, after = 0, limit }: EntityRequest,
): Promise<readonly ResponseView[]> {
  return readRows(
    store,
    Prisma.sql`select ${RESPONSE_COLUMNS} from response where session_id = ${sessionId}::uuid and ordinal > ${after} order by ordinal limit ${limit ?? null}`,
  );
}
