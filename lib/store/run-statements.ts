import type { Store } from './connect.ts';
import { largeParametersOf } from './connect.ts';
import type { PreparedStatement } from './table-write.ts';

/**
 * Runs prepared statements in one transaction, in order: all of them, or none. Their text is made of our own constants; everything
 * that came from outside is a parameter.
 */
export async function runStatements(store: Store, statements: readonly PreparedStatement[]): Promise<void> {
  const large = largeParametersOf(store);
  const held = statements.map((statement) => large.hold(statement.parameters));
  try {
    await store.$transaction(statements.map(({ sql }, index) => store.$executeRawUnsafe(sql, ...(held[index] ?? []))));
  } finally {
    for (const parameters of held) large.release(parameters);
  }
}
