import { readQuery } from '#lib/search/search-error.ts';
import { listSessions } from '#lib/store/list-sessions.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { isoTimes } from '../_api/iso-times.ts';
import { LIST_SESSIONS } from '../_api/operations.ts';
import { answer, replyJson } from '../_api/reply.ts';

export const GET = answer(LIST_SESSIONS, async ({ query }) => {
  const request = { ...query, query: readQuery(query.q, Date.now()) };
  const { sessions, nextCursor } = await listSessions(sharedStore(), request);
  return replyJson({ sessions: sessions.map(isoTimes), nextCursor });
});
