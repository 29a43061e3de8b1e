import type { DeliveryView } from '#lib/alerts/incident.ts';
import { Prisma } from './generated/client.ts';
import type { RowReader } from './read-rows.ts';
import { readRows, selectList } from './read-rows.ts';

export interface DeliveryPage {
  readonly incidentId?: string | undefined;
  readonly channelId?: string | undefined;
  /** Deliveries before this one only. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Deliveries, newest first. */
export async function listDeliveries(store: RowReader, page: DeliveryPage): Promise<readonly DeliveryView[]> {
  const { incidentId = null, channelId = null, before = null, limit } = page;
  return readRows(
    store,
    Prisma.sql`select ${selectList('d.id d.channel_id d.incident_id d.kind d.state d.attempts', 'd.created_at d.delivered_at')},
        c.name as "channelName"
      from delivery d left join channel c on c.id = d.channel_id
      where (${incidentId}::uuid is null or d.incident_id = ${incidentId}::uuid)
        and (${channelId}::uuid is null or d.channel_id = ${channelId}::uuid)
        and (${before}::uuid is null
          or (d.created_at, d.id) < (select b.created_at, b.id from delivery b where b.id = ${before}::uuid))
      order by d.created_at desc, d.id desc limit ${limit}`,
  );
}
