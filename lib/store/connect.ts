import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
import { LargeParameters } from './large-parameters.ts';

/** A pool of connections to the store. Only files of `lib/store` look inside. */
export type Store = PrismaClient;

export interface ConnectOptions {
  readonly url: string;
  /** Most connections of this process. */
  readonly maxConnections?: number;
  /**
   * Longest wait for a free connection, and for the answer to a statement, in milliseconds: a database that is frozen, or a network that
   * swallows everything, says nothing. Unset: as long as it takes.
   */
  readonly answerWithinMs?: number;
}

/**
 * A transaction waits so long for a connection that others hold, and then takes as long as it takes. Prisma would undo one after five
 * seconds, once the statement under way has ended: what is slow would be done and undone for ever.
 */
const TRANSACTIONS = { maxWait: 10_000, timeout: 2 ** 31 - 1 };

const LARGE_PARAMETERS = new WeakMap<Store, LargeParameters>();

/** Opens a pool; connections are made when first used, so an unreachable database shows at the first read or write. */
export function connectStore({ url, maxConnections = 5, answerWithinMs = 0 }: ConnectOptions): Store {
  const large = new LargeParameters();
  const pool = new PrismaPg({
    connectionString: url,
    max: maxConnections,
    application_name: 'deltascope',
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
  });
  const store = new PrismaClient({ adapter: large.serve(pool), transactionOptions: TRANSACTIONS });
  LARGE_PARAMETERS.set(store, large);
  return store;
}

/** The by-reference parameters of a store. */
export function largeParametersOf(store: Store): LargeParameters {
  const large = LARGE_PARAMETERS.get(store);
  if (large === undefined) throw new Error('Broken promise: a store is made by connectStore.');
  return large;
}

/** Closes the pool after the queries under way. */
export async function disconnectStore(store: Store): Promise<void> {
  await store.$disconnect();
}
