import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { Store } from './connect.ts';
import type { Prisma } from './generated/client.ts';
import { rowsStatement } from './read-rows.ts';
import { sqlStateOf } from './store-failure.ts';

/** Longest that a search may take: somebody waits for it, and others for its connection. */
const SEARCH_WITHIN_MS = 5_000;

/** SQLSTATE of a statement that took longer than it may. */
const CANCELLED = '57014';

/**
 * `readRows`, for a select whose cost depends on what somebody typed: the database gives it up after `withinMs`.
 * @throws DeltascopeError DS_SEARCH_TOO_LONG
 */
export async function readRowsWithin<Row>(
  store: Store,
  select: Prisma.Sql,
  withinMs: number = SEARCH_WITHIN_MS,
): Promise<readonly Row[]> {
  try {
    const [, found] = await store.$transaction([
      store.$executeRaw`select set_config('statement_timeout', ${String(withinMs)}, true)`,
      store.$queryRaw<[{ rows: string }]>(rowsStatement(select)),
    ]);
    return JSON.parse(found[0].rows) as readonly Row[];
  } catch (thrown) {
    const error = coerceError(thrown);
    if (sqlStateOf(error) !== CANCELLED) throw error;
    throw new DeltascopeError('DS_SEARCH_TOO_LONG', `The search took longer than ${withinMs} ms.`, { cause: error });
  }
}
