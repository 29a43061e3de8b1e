import { isSessionId } from '#lib/base/session-id.ts';
import { readSessionChanges } from '#lib/store/read-session-changes.ts';
import { sharedStore } from '#lib/store/shared-store.ts';

/** A `seq` beyond every message: the page reads events by themselves, as columns. */
const NO_EVENTS = 2 ** 31 - 1;

/** Everything of a session but its events, of one moment, in the shapes of live pushes: what the page begins with. */
export async function GET(_request: Request, context: { readonly params: Promise<{ readonly id: string }> }): Promise<Response> {
  const { id } = await context.params;
  if (!isSessionId(id)) return refuse();
  const changes = await readSessionChanges(sharedStore(), { sessionId: id, afterSeq: NO_EVENTS, entitiesAfterSeq: 0, limit: 1 });
  return changes === null ? refuse() : Response.json(changes, { headers: { 'cache-control': 'no-store' } });
}

function refuse(): Response {
  const error = { code: 'DS_API_NOT_FOUND', message: 'This session does not exist.' };
  return Response.json({ error }, { status: 404 });
}
