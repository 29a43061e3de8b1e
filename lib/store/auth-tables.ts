import { prismaAdapter } from 'better-auth/adapters/prisma';
import type { Store } from './connect.ts';

/** Under these names better-auth finds its models; `Session` and the like are the recordings. */
export const AUTH_MODELS = {
  user: 'authUser',
  session: 'authSession',
  account: 'authAccount',
  verification: 'authVerification',
} as const;

/** How better-auth reads and writes its tables. */
export function authTables(store: Store): ReturnType<typeof prismaAdapter> {
  return prismaAdapter(store, { provider: 'postgresql' });
}
