import type { DeliveryKind, DeliveryState } from '#lib/alerts/incident.ts';
import { Prisma } from './generated/client.ts';
import type { RowReader } from './read-rows.ts';
import { readRows } from './read-rows.ts';

/** What is needed to send a message. */
export interface DeliveryRow {
  readonly id: string;
  readonly channelId: string;
  readonly kind: DeliveryKind;
  readonly state: DeliveryState;
  readonly body: string;
}

/** One delivery, or null. */
export async function findDelivery(store: RowReader, id: string): Promise<DeliveryRow | null> {
  const rows = await readRows<DeliveryRow>(
    store,
    Prisma.sql`select id, channel_id as "channelId", kind, state, body from delivery where id = ${id}::uuid`,
  );
  return rows[0] ?? null;
}
