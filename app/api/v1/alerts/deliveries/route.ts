import { listDeliveries } from '#lib/store/list-deliveries.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { LIST_DELIVERIES } from '../../_api/alert-operations.ts';
import { deliveryReply } from '../../_api/alert-replies.ts';
import { answer, replyJson } from '../../_api/reply.ts';

export const GET = answer(LIST_DELIVERIES, async ({ query: { incident, channel, limit } }) => {
  const deliveries = await listDeliveries(sharedStore(), { incidentId: incident, channelId: channel, limit });
  return replyJson({ deliveries: deliveries.map(deliveryReply) });
});
