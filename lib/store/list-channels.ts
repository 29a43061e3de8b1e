import type { Channel, ChannelView } from '#lib/alerts/alert-rule.ts';
import { Prisma } from './generated/client.ts';
import type { RowReader } from './read-rows.ts';
import { readRows, selectList } from './read-rows.ts';

/** A channel's row without its secret; `url` is to be cut before it is shown. */
export type ChannelRow = Omit<ChannelView, 'address'> & { readonly url: string };

const COLUMNS = selectList('id name kind url is_enabled', 'created_at');

/** All channels, oldest first. */
export async function listChannels(store: RowReader): Promise<readonly ChannelRow[]> {
  return readRows(store, Prisma.sql`select ${COLUMNS} from channel order by channel.created_at, id`);
}

/** A channel with its secret: for whoever sends. */
export async function findChannel(store: RowReader, id: string): Promise<Channel | null> {
  const columns = Prisma.sql`id, kind, url, secret, is_enabled as "isEnabled"`;
  const rows = await readRows<Channel>(store, Prisma.sql`select ${columns} from channel where id = ${id}::uuid`);
  return rows[0] ?? null;
}
