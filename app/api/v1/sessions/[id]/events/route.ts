import { findSession } from '#lib/store/find-session.ts';
import { readEvents } from '#lib/store/read-events.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { cutPage } from '../../../_api/cut-page.ts';
import { isoTimes } from '../../../_api/iso-times.ts';
import { READ_EVENTS } from '../../../_api/operations.ts';
import { answer, found, replyJson } from '../../../_api/reply.ts';

export const GET = answer(READ_EVENTS, async ({ params, query }) => {
  const rows = await readEvents(sharedStore(), { sessionId: params.id, ...query, limit: query.limit + 1 });
  if (rows.length === 0) found(await findSession(sharedStore(), params.id), `Session ${params.id}`);
  const { page, nextCursor } = cutPage(rows, query.limit, ({ seq }) => seq);
  return replyJson({ events: page.map(isoTimes), nextAfter: nextCursor });
});
