import { listDeliveries } from '#lib/store/list-deliveries.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { LIST_DELIVERIES } from '../../_api/alert-operations.ts';
import { deliveryReply } from '../../_api/alert-replies.ts';
import { cutPage } from '../../_api/cut-page.ts';
import { answer, replyJson } from '../../_api/reply.ts';

export const GET = answer(LIST_DELIVERIES, async ({ query: { incident, channel, cursor, limit } }) => {
  const wanted = { incidentId: incident, channelId: channel, before: cursor, limit: limit + 1 };
  const rows = await listDeliveries(sharedStore(), wanted);
  const { page, nextCursor } = cutPage(rows, limit, ({ id }) => id);
  return replyJson({ deliveries: page.map(deliveryReply), nextCursor });
});
