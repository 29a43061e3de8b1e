import type { SessionId } from '#lib/base/brand.ts';
import type { Store } from '#lib/store/connect.ts';
import { findSession } from '#lib/store/find-session.ts';

/** All rows of a session as plain JSON, without what differs from one recording of the same messages to the next: ids of ours, moments of writing. */
export async function readStoredSession(store: Store, id: SessionId): Promise<unknown> {
  const where = { where: { sessionId: id } };
  const byOrdinal = { ...where, orderBy: { ordinal: 'asc' } } as const;
  const rows = {
    session: await findSession(store, id),
    responses: await store.response.findMany(byOrdinal),
    items: await store.item.findMany(byOrdinal),
    toolCalls: await store.toolCall.findMany(byOrdinal),
    turns: await store.turn.findMany(byOrdinal),
    anomalies: await store.anomaly.findMany({ ...where, orderBy: { id: 'asc' }, omit: { foundAt: true, lastSeq: true } }),
    events: await store.event.findMany({ ...where, orderBy: { seq: 'asc' }, omit: { sha256: true } }),
    losses: await store.recordingLoss.findMany({
      ...where,
      orderBy: { id: 'asc' },
      omit: { id: true, noticedAt: true, spool: true },
    }),
  };
  return JSON.parse(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? Number(value) : value)).replaceAll(id, 'ID'));
}
