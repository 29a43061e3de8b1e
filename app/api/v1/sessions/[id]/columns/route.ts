import { findSession } from '#lib/store/find-session.ts';
import { readEventColumns } from '#lib/store/read-event-columns.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { READ_COLUMNS } from '../../../_api/operations.ts';
import { answer, found, replyJson } from '../../../_api/reply.ts';

export const GET = answer(READ_COLUMNS, async ({ params, query }) => {
  const columns = await readEventColumns(sharedStore(), params.id, query.after);
  if (columns.count === 0) found(await findSession(sharedStore(), params.id), `Session ${params.id}`);
  return replyJson(columns);
});
