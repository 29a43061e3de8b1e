import type { SessionId } from '#lib/base/brand.ts';
import type { Query } from '#lib/search/query.ts';
import type { SessionStatus, SessionView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { readRowsWithin } from './read-rows-within.ts';
import { searchConditions } from './search-condition.ts';
import { SESSION_COLUMNS } from './session-columns.ts';

export interface SessionListRequest {
  /** The last id of the page before; its sessions are older. */
  readonly cursor?: SessionId | undefined;
  readonly limit: number;
  readonly status?: SessionStatus | undefined;
  readonly provider?: string | undefined;
  /** What the sessions must meet. */
  readonly query?: Query | undefined;
}

export interface SessionPage {
  readonly sessions: readonly SessionView[];
  /** Cursor of the next page; null on the last. */
  readonly nextCursor: SessionId | null;
}

/** Sessions by the moment their recording began here, newest first. */
export async function listSessions(store: Store, request: SessionListRequest): Promise<SessionPage> {
  const read = request.query === undefined ? readRows<SessionView> : readRowsWithin<SessionView>;
  const rows = await read(
    store,
    Prisma.sql`select ${SESSION_COLUMNS} from session ${whereOf(request)} order by id desc limit ${request.limit + 1}`,
  );
  const sessions = rows.slice(0, request.limit);
  const last = sessions.at(-1);
  return { sessions, nextCursor: rows.length > request.limit && last !== undefined ? last.id : null };
}

function whereOf({ cursor, status, provider, query }: SessionListRequest): Prisma.Sql {
  const conditions: Prisma.Sql[] = query === undefined ? [] : [...searchConditions(query)];
  if (cursor !== undefined) conditions.push(Prisma.sql`id < ${cursor}::uuid`);
  if (status !== undefined) conditions.push(Prisma.sql`status = ${status}::"SessionStatus"`);
  if (provider !== undefined) conditions.push(Prisma.sql`provider = ${provider}`);
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`where ${Prisma.join(conditions, ' and ')}`;
}
