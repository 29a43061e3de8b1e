import type { SessionId } from '#lib/base/brand.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';

/** Tables with rows of a session, beside its own. */
const TABLES = [
  'event',
  'event_audio',
  'response',
  'item',
  'tool_call',
  'turn',
  'anomaly',
  'alert_inbox',
  'search_text',
  'session_facet',
  'session_checkpoint',
  'recording_loss',
] as const;

/** Messages that one statement deletes: nobody waits too long for its end, however long a session is. */
const MESSAGES_AT_ONCE = 20_000;

/**
 * Deletes everything of one session, in one transaction.
 * @returns false where there is no such session
 * @throws DeltascopeError DS_STORE_SESSION_OPEN while it is still being recorded: its recorder would write it again
 */
export async function eraseSession(store: Store, id: SessionId): Promise<boolean> {
  const found = await store.session.findUnique({ where: { id }, select: { status: true } });
  if (found === null) return false;
  if (found.status === 'open') throw new DeltascopeError('DS_STORE_SESSION_OPEN', `Session ${id} is still being recorded.`);
  const ends = await readEnds(store, id);
  await store.$transaction([
    ...ends.flatMap((end, index) => deleteMessages(store, id, ends[index - 1] ?? 0, end)),
    ...TABLES.map((table) => store.$executeRaw`delete from ${Prisma.raw(table)} where session_id = ${id}::uuid`),
    store.$executeRaw`delete from session where id = ${id}::uuid`,
  ]);
  return true;
}

/** Every 20,000th message: there a statement ends. */
async function readEnds(store: Store, id: SessionId): Promise<readonly number[]> {
  const rows = await readRows<{ seq: number }>(
    store,
    Prisma.sql`select seq from (select seq, row_number() over (order by seq) as place from event where session_id = ${id}::uuid) event
      where place % ${MESSAGES_AT_ONCE}::int = 0 order by seq`,
  );
  return rows.map(({ seq }) => seq);
}

function deleteMessages(store: Store, id: SessionId, after: number, end: number) {
  const within = Prisma.sql`session_id = ${id}::uuid and seq > ${after} and seq <= ${end}`;
  return [store.$executeRaw`delete from event where ${within}`, store.$executeRaw`delete from event_audio where ${within}`];
}
