import type { SessionId } from '#lib/base/brand.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRowsWithin } from './read-rows-within.ts';

/** What an id names. */
export interface Place {
  readonly sessionId: SessionId;
  readonly kind: 'session' | 'response' | 'item' | 'call' | 'event';
  readonly id: string;
  /** The first message of it; null for a session. */
  readonly seq: number | null;
}

const MOST_PLACES = 20;

/** Events have no index by id. So many messages of the newest sessions are looked through. */
const MOST_EVENTS = 200_000;
const NEWEST_SESSIONS = 5_000;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The forms that ids of events have: for any other word nobody waits for so many messages. */
const EVENT = /^(?:event|evt)_/i;

/** The things that have this id, newest first; an event only where it is among the last messages recorded. */
export async function findPlaces(store: Store, id: string): Promise<readonly Place[]> {
  const places = await readRowsWithin<Place>(store, placesOf(id));
  if (places.length > 0 || !(EVENT.test(id) || UUID.test(id))) return places;
  return readRowsWithin<Place>(store, eventOf(id)).catch(asNowhere);
}

/** An event that takes too long to find is like one that is further back: the rest of the search goes on without it. */
function asNowhere(thrown: unknown): readonly Place[] {
  if (thrown instanceof DeltascopeError && thrown.code === 'DS_SEARCH_TOO_LONG') return [];
  throw thrown;
}

function placesOf(id: string): Prisma.Sql {
  const own = UUID.test(id) ? Prisma.sql`session.id = ${id}::uuid or` : Prisma.empty;
  return Prisma.sql`
    select * from (
      select session.id as "sessionId", 'session' as kind, ${id} as id, null::int as seq from session
      where ${own} provider_session_id = ${id} or provider_call_id = ${id}
      union all select session_id, 'response', id, first_seq from response where id = ${id}
      union all select session_id, 'item', id, first_seq from item where id = ${id}
      union all select session_id, 'call', call_id, first_seq from tool_call where call_id = ${id}
    ) place order by "sessionId" desc, kind, seq limit ${MOST_PLACES}`;
}

function eventOf(id: string): Prisma.Sql {
  return Prisma.sql`
    select event.session_id as "sessionId", 'event' as kind, event.event_id as id, event.seq
    from (
      select session.id, session.last_seq, sum(session.last_seq) over (order by session.id desc) as messages
      from session where session.id = any(array(select s.id from session s order by s.id desc limit ${NEWEST_SESSIONS}))
    ) newest
    join event on event.session_id = newest.id and event.seq > newest.messages - ${MOST_EVENTS} and event.event_id = ${id}
    where newest.messages - newest.last_seq < ${MOST_EVENTS}
    order by event.session_id desc, event.seq limit ${MOST_PLACES}`;
}
