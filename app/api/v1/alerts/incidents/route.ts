import { listIncidents } from '#lib/store/list-incidents.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { LIST_INCIDENTS } from '../../_api/alert-operations.ts';
import { incidentReply } from '../../_api/alert-replies.ts';
import { cutPage } from '../../_api/cut-page.ts';
import { answer, replyJson } from '../../_api/reply.ts';

export const GET = answer(LIST_INCIDENTS, async ({ query: { state, cursor, limit } }) => {
  const rows = await listIncidents(sharedStore(), { state, before: cursor, limit: limit + 1 });
  const { page, nextCursor } = cutPage(rows, limit, ({ id }) => id);
  return replyJson({ incidents: page.map(incidentReply), nextCursor });
});
