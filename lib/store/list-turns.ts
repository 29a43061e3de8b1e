import type { TurnView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import type { EntityRequest } from './entity-request.ts';
import { Prisma } from './generated/client.ts';
import { readRows, selectList } from './read-rows.ts';

/** The select list of a `TurnView`. */
export const TURN_COLUMNS = selectList(
  `ordinal first_seq last_seq item_id kind audio_start_ms audio_end_ms response_id voice_to_voice_ms interrupted_response_id`,
  'speech_started_at speech_stopped_at committed_at first_audio_at',
);

/** Turns of a session, in the order in which they were first seen. */
export async function listTurns(store: Store, { sessionId, after = 0, limit }: EntityRequest): Promise<readonly TurnView[]> {
  return readRows(
    store,
    Prisma.sql`select ${TURN_COLUMNS} from turn where session_id = ${sessionId}::uuid and ordinal > ${after} order by ordinal limit ${limit ?? null}`,
  );
}
