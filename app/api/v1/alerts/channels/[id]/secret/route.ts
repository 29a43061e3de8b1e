import { renewSecret } from '#app/_server/change-alerts.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { RENEW_SECRET } from '../../../../_api/alert-operations.ts';
import { answer, found, replyJson } from '../../../../_api/reply.ts';

export const POST = answer(RENEW_SECRET, async ({ params: { id } }) =>
  replyJson({ secret: found(await renewSecret(sharedStore(), id), `Webhook ${id}`) }),
);
