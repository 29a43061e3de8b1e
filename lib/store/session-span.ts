import { sessionIdFloor } from '#lib/base/session-id.ts';
import type { SessionSpan } from '#lib/session/sums.ts';
import { Prisma } from './generated/client.ts';

/** The condition on a session id: a range of the primary key of every table, so that nothing outside is read. */
export function withinSpan(column: 'id' | 'session_id', { fromMs, toMs }: SessionSpan): Prisma.Sql {
  const name = Prisma.raw(column);
  return Prisma.sql`${name} >= ${sessionIdFloor(fromMs)}::uuid and ${name} < ${sessionIdFloor(toMs)}::uuid`;
}

/** The moment within an id, in milliseconds: its first 48 bits. */
export function idTimeMs(column: 'id' | 'session_id'): Prisma.Sql {
  return Prisma.raw(`('x' || translate(left(${column}::text, 13), '-', ''))::bit(48)::bigint`);
}

/** The start of the bucket of `bucketMs` that an id falls into, counted from the start of the span. */
export function bucketOf(column: 'id' | 'session_id', { fromMs }: SessionSpan, bucketMs: number): Prisma.Sql {
  return Prisma.sql`(${fromMs}::bigint + ((${idTimeMs(column)} - ${fromMs}::bigint) / ${bucketMs}::bigint) * ${bucketMs}::bigint)`;
}
