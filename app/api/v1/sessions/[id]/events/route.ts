import { findSession } from '#lib/store/find-session.ts';
import { readEvents } from '#lib/store/read-events.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { isoTimes } from '../../../_api/iso-times.ts';
import { READ_EVENTS } from '../../../_api/operations.ts';
import { answer, found, replyJson } from '../../../_api/reply.ts';

export const GET = answer(READ_EVENTS, async ({ params, query }) => {
  const rows = await readEvents(sharedStore(), { sessionId: params.id, ...query, limit: query.limit + 1 });
  if (rows.length === 0) found(await findSession(sharedStore(), params.id), `Session ${params.id}`);
  const events = rows.slice(0, query.limit);
  return replyJson({ events: events.map(isoTimes), nextAfter: rows.length > query.limit ? events.at(-1)?.seq : null });
});
