import { eraseSession } from '#lib/store/erase-session.ts';
import { findSession } from '#lib/store/find-session.ts';
import { readLosses } from '#lib/store/read-losses.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { isoTimes } from '../../_api/iso-times.ts';
import { ERASE_SESSION, FIND_SESSION } from '../../_api/operations.ts';
import { answer, found, replyJson } from '../../_api/reply.ts';

export const GET = answer(FIND_SESSION, async ({ params }) => {
  const session = found(await findSession(sharedStore(), params.id), `Session ${params.id}`);
  const losses = await readLosses(sharedStore(), params.id);
  return replyJson({ session: isoTimes(session), losses: losses.map(isoTimes) });
});

export const DELETE = answer(ERASE_SESSION, async ({ params }) => {
  const isErased = await eraseSession(sharedStore(), params.id);
  found(isErased ? true : null, `Session ${params.id}`);
  return new Response(null, { status: 204 });
});
