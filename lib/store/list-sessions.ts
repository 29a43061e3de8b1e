import type { SessionId } from '#lib/base/brand.ts';
import type { SessionStatus, SessionView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { SESSION_COLUMNS } from './session-columns.ts';

export interface SessionListRequest {
  /** The last id of the page before; its sessions are older. */
  readonly cursor?: SessionId | undefined;
  readonly limit: number;
  readonly status?: SessionStatus | undefined;
  readonly provider?: string | undefined;
  /** Beginning of the session's id or one of the provider's ids, or part of its model or of a tag. */
  readonly q?: string | undefined;
}

export interface SessionPage {
  readonly sessions: readonly SessionView[];
  /** Cursor of the next page; null on the last. */
  readonly nextCursor: SessionId | null;
}

/** Sessions by the moment their recording began here, newest first. */
export async function listSessions(store: Store, request: SessionListRequest): Promise<SessionPage> {
  const rows = await readRows<SessionView>(
    store,
    Prisma.sql`select ${SESSION_COLUMNS} from session ${whereOf(request)} order by id desc limit ${request.limit + 1}`,
  );
  const sessions = rows.slice(0, request.limit);
  const last = sessions.at(-1);
  return { sessions, nextCursor: rows.length > request.limit && last !== undefined ? last.id : null };
}

function whereOf({ cursor, status, provider, q }: SessionListRequest): Prisma.Sql {
  const conditions: Prisma.Sql[] = [];
  if (cursor !== undefined) conditions.push(Prisma.sql`id < ${cursor}::uuid`);
  if (status !== undefined) conditions.push(Prisma.sql`status = ${status}::"SessionStatus"`);
  if (provider !== undefined) conditions.push(Prisma.sql`provider = ${provider}`);
  if (q !== undefined && q !== '') conditions.push(matchOf(q));
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`where ${Prisma.join(conditions, ' and ')}`;
}

function matchOf(q: string): Prisma.Sql {
  const escaped = q.replace(/[\\%_]/g, '\\$&');
  const start = `${escaped}%`;
  const part = `%${escaped}%`;
  return Prisma.sql`(id::text like ${start.toLowerCase()} or provider_session_id like ${start} or provider_call_id like ${start}
    or model ilike ${part} or exists (select 1 from jsonb_each_text(tags) tag where tag.key || '=' || tag.value ilike ${part}))`;
}
