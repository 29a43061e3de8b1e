import type { SessionId } from '#lib/base/brand.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';

/** Tables with rows of a session, beside its own. */
const TABLES = [
  'event',
  'event_audio',
  'response',
  'item',
  'tool_call',
  'turn',
  'anomaly',
  'search_text',
  'session_facet',
  'session_checkpoint',
  'recording_loss',
] as const;

/**
 * Deletes everything of one session, in one transaction.
 * @returns false where there is no such session
 * @throws DeltascopeError DS_STORE_SESSION_OPEN while it is still being recorded: its recorder would write it again
 */
export async function eraseSession(store: Store, id: SessionId): Promise<boolean> {
  const found = await store.session.findUnique({ where: { id }, select: { status: true } });
  if (found === null) return false;
  if (found.status === 'open') throw new DeltascopeError('DS_STORE_SESSION_OPEN', `Session ${id} is still being recorded.`);
  await store.$transaction([
    ...TABLES.map((table) => store.$executeRaw`delete from ${Prisma.raw(table)} where session_id = ${id}::uuid`),
    store.$executeRaw`delete from session where id = ${id}::uuid`,
  ]);
  return true;
}
