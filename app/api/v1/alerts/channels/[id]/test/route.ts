import { testChannel } from '#app/_server/change-alerts.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { TEST_CHANNEL } from '../../../../_api/alert-operations.ts';
import { answer, found, replyJson } from '../../../../_api/reply.ts';

export const POST = answer(TEST_CHANNEL, async ({ params: { id } }) => {
  const deliveryId = found(await testChannel(sharedStore(), id), `Channel ${id}`);
  return replyJson({ deliveryId });
});
