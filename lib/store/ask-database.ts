import type { Store } from './connect.ts';

/** Whether the database answers within `withinMs`. */
export async function askDatabase(store: Store, withinMs: number): Promise<boolean> {
  const answer = store.$queryRaw`select 1`.then(
    () => true,
    () => false,
  );
  const { promise: limit, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), withinMs);
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}
