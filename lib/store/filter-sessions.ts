import type { SessionId } from '#lib/base/brand.ts';
import { parseQuery } from '#lib/search/parse-query.ts';
import { Prisma } from './generated/client.ts';
import type { RowReader } from './read-rows.ts';
import { readRows } from './read-rows.ts';
import { conditionsOfFew } from './search-condition.ts';

/** Which of these sessions match a query; a stored query that can no longer be read matches none. */
export async function filterSessions(
  store: RowReader,
  query: string,
  ids: readonly SessionId[],
): Promise<ReadonlySet<SessionId>> {
  const rows = await readRows<{ id: SessionId }>(
    store,
    Prisma.sql`select session.id from session where session.id = any(${[...ids]}::uuid[]) and ${meets(query)}`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The condition of a query on the row `session`, for statements of their own that look at few sessions. */
export function meets(query: string): Prisma.Sql {
  const parsed = parseQuery(query, Date.now());
  if (!parsed.ok) return Prisma.sql`false`;
  const conditions = conditionsOfFew(parsed.query);
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join([...conditions], ' and ');
}
