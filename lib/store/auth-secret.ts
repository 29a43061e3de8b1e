import type { Store } from './connect.ts';

/** The key that signs session cookies: the one in the database, or else `fresh`, which then is. */
export async function authSecret(store: Store, fresh: string): Promise<string> {
  await store.$executeRaw`insert into auth_secret (secret) values (${fresh}) on conflict (id) do nothing`;
  const { secret } = await store.authSecret.findUniqueOrThrow({ where: { id: 1 } });
  return secret;
}
