import type { WallMicros } from '#lib/base/brand.ts';
import { toIsoTime } from '#lib/base/wall-time.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';

/** A store, or a transaction on it. */
export type RowReader = Pick<Store, '$queryRaw'>;

/**
 * Runs one select and returns its rows as our own row types. The rows travel as one JSON text that Postgres builds: microseconds
 * stay whole (a JS Date would cut them), names are ours already, and thousands of narrow rows cost one parse.
 * The select must name its columns as `Row` does; nobody checks.
 */
export async function readRows<Row>(store: RowReader, select: Prisma.Sql): Promise<readonly Row[]> {
  const found = await store.$queryRaw<[{ rows: string }]>(rowsStatement(select));
  return JSON.parse(found[0].rows) as readonly Row[];
}

/** The statement that returns the rows of a select as one JSON text. */
export function rowsStatement(select: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`select coalesce(json_agg(t), '[]')::text as rows from (${select}) t`;
}

/**
 * The select list of a row type: snake-case columns under our camel-case names, times as whole microseconds.
 * `selectList('seq first_seq', 'at')` → `seq as "seq", first_seq as "firstSeq", (extract(epoch from at) * 1000000)::bigint as "at"`.
 */
export function selectList(columns: string, times: string): Prisma.Sql {
  const plain = columns
    .trim()
    .split(/\s+/)
    .map((column) => `${column} as "${camelCase(nameOf(column))}"`);
  const micros = times
    .trim()
    .split(/\s+/)
    .map((column) => `(extract(epoch from ${column}) * 1000000)::bigint as "${camelCase(nameOf(column))}"`);
  return Prisma.raw([...plain, ...micros].join(', '));
}

function camelCase(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The column's own name, without the table's in front of it. */
function nameOf(column: string): string {
  return column.slice(column.indexOf('.') + 1);
}

/** A moment as a parameter: to the microsecond, which a JS Date would cut. */
export function timeOf(at: WallMicros | null): Prisma.Sql {
  return at === null ? Prisma.sql`null::timestamptz` : Prisma.sql`${toIsoTime(at)}::timestamptz`;
}
