import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

/** A pool of connections to the store. Only files of `lib/store` look inside. */
export type Store = PrismaClient;

export interface ConnectOptions {
  readonly url: string;
  /** Most connections of this process. */
  readonly maxConnections?: number;
}

/** Opens a pool; connections are made when first used, so an unreachable database shows at the first read or write. */
export function connectStore({ url, maxConnections = 5 }: ConnectOptions): Store {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: maxConnections, application_name: 'deltascope' }) });
}

/** Closes the pool after the queries under way. */
export async function disconnectStore(store: Store): Promise<void> {
  await store.$disconnect();
}
