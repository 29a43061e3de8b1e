import type { ToolCallView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import type { EntityRequest } from './entity-request.ts';
import { Prisma } from './generated/client.ts';
import { readRows, selectList } from './read-rows.ts';

/** The select list of a `ToolCallView`. */
export const TOOL_CALL_COLUMNS = selectList(
  `call_id ordinal first_seq last_seq item_id response_id kind name arguments_text status output called_seq output_seq
   follow_up_response_id`,
  'called_at output_at',
);

/** Tool calls of a session, in the order in which they were first seen. */
export async function listToolCalls(
  store: Store,
  { sessionId, after = 0, limit }: EntityRequest,
): Promise<readonly ToolCallView[]> {
  return readRows(
    store,
    Prisma.sql`select ${TOOL_CALL_COLUMNS} from tool_call where session_id = ${sessionId}::uuid and ordinal > ${after} order by ordinal limit ${limit ?? null}`,
  );
}
