import type { SessionId } from '#lib/base/brand.ts';
import type { Store } from '#lib/store/connect.ts';
import type { EntityRequest } from '#lib/store/entity-request.ts';
import { findSession } from '#lib/store/find-session.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { cutPage } from './cut-page.ts';
import { isoTimes } from './iso-times.ts';
import { found, replyJson } from './reply.ts';

/** Replies with one page of a session's responses, items, tool calls or turns. */
export async function replyEntityPage<Row extends { readonly ordinal: number }>(
  sessionId: SessionId,
  { cursor, limit }: { readonly cursor: number; readonly limit: number },
  list: (store: Store, request: EntityRequest) => Promise<readonly Row[]>,
): Promise<Response> {
  const rows = await list(sharedStore(), { sessionId, after: cursor, limit: limit + 1 });
  if (rows.length === 0) found(await findSession(sharedStore(), sessionId), `Session ${sessionId}`);
  const { page, nextCursor } = cutPage(rows, limit, ({ ordinal }) => ordinal);
  return replyJson({ rows: page.map(isoTimes), nextCursor });
}
