import type { SessionId } from '#lib/base/brand.ts';
import type { Store } from './connect.ts';

/** Sessions that were imported from a file with these contents, oldest first; for an import that must not double anything. */
export async function findSessionsBySource(store: Store, sha256: string): Promise<readonly SessionId[]> {
  const rows = await store.session.findMany({ where: { sourceSha256: sha256 }, select: { id: true }, orderBy: { id: 'asc' } });
  return rows.map((row) => row.id as SessionId);
}
