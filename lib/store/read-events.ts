import type { SessionId } from '#lib/base/brand.ts';
import type { EventRow } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows, selectList } from './read-rows.ts';

/** The select list of an `EventRow`. */
export const EVENT_COLUMNS = selectList(
  `seq direction type canonical_type event_id response_id item_id call_id byte_length audio_bytes format problem flags note`,
  'at',
);

export interface EventsRequest {
  readonly sessionId: SessionId;
  /** Events with a higher `seq` only; 0 from the start. */
  readonly after: number;
  readonly limit: number;
  /** Types as they stood on the wire, or their canonical names; unset for all. */
  readonly types?: readonly string[] | undefined;
}

/** Events without their bodies, in order of `seq`. */
export async function readEvents(store: Store, request: EventsRequest): Promise<readonly EventRow[]> {
  const { sessionId, after, limit, types } = request;
  const ofTypes =
    types === undefined
      ? Prisma.empty
      : Prisma.sql`and (type = any(${[...types]}::text[]) or canonical_type = any(${[...types]}::text[]))`;
  return readRows(
    store,
    Prisma.sql`select ${EVENT_COLUMNS} from event where session_id = ${sessionId}::uuid and seq > ${after} ${ofTypes}
      order by seq limit ${limit}`,
  );
}
