import type { Channel } from '#lib/alerts/alert-rule.ts';
import type { AlertTransaction } from './alert-transaction.ts';
import type { Store } from './connect.ts';

/** Stores a new channel. */
export async function insertChannel(store: Store, channel: Channel & { readonly name: string }): Promise<void> {
  const { id, name, kind, url, secret, isEnabled } = channel;
  await store.$executeRaw`
    insert into channel (id, name, kind, url, secret, is_enabled) values (${id}::uuid, ${name}, ${kind}, ${url}, ${secret}, ${isEnabled})`;
}

/**
 * Changes what may be changed of a channel.
 * @returns false where there is none
 */
export async function updateChannel(
  store: Store,
  id: string,
  { name, isEnabled }: { readonly name?: string | undefined; readonly isEnabled?: boolean | undefined },
): Promise<boolean> {
  const updated = await store.$executeRaw`
    update channel set name = coalesce(${name ?? null}::text, name), is_enabled = coalesce(${isEnabled ?? null}::boolean, is_enabled)
    where id = ${id}::uuid`;
  return updated > 0;
}

/**
 * Gives a webhook a new secret; the one before it signs as well, until the next is given.
 * @returns false where there is no such webhook
 */
export async function rotateSecret(store: Store, id: string, secret: string): Promise<boolean> {
  const rotated = await store.$executeRaw`
    update channel set secret = ${secret} || ' ' || split_part(secret, ' ', 1) where id = ${id}::uuid and secret is not null`;
  return rotated > 0;
}

/**
 * Deletes a channel and takes it out of all rules.
 * @returns false where there is none
 */
export async function deleteChannel(transaction: AlertTransaction, id: string): Promise<boolean> {
  await transaction.$executeRaw`
    update alert_rule set channel_ids = array_remove(channel_ids, ${id}::uuid) where ${id}::uuid = any(channel_ids)`;
  return (await transaction.$executeRaw`delete from channel where id = ${id}::uuid`) > 0;
}
