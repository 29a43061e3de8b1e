import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
import { LargeParameters } from './large-parameters.ts';

/** A pool of connections to the store. Only files of `lib/store` look inside. */
export type Store = PrismaClient;

export interface ConnectOptions {
  readonly url: string;
  /** Most connections of this process. */
  readonly maxConnections?: number;
}

const LARGE_PARAMETERS = new WeakMap<Store, LargeParameters>();

/** Opens a pool; connections are made when first used, so an unreachable database shows at the first read or write. */
export function connectStore({ url, maxConnections = 5 }: ConnectOptions): Store {
  const large = new LargeParameters();
  const pool = new PrismaPg({ connectionString: url, max: maxConnections, application_name: 'deltascope' });
  const store = new PrismaClient({ adapter: large.serve(pool) });
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
