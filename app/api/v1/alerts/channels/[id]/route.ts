import { removeChannel } from '#app/_server/change-alerts.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { updateChannel } from '#lib/store/write-channel.ts';
import { CHANGE_CHANNEL, DELETE_CHANNEL } from '../../../_api/alert-operations.ts';
import { CHANNEL_CHANGE } from '../../../_api/alert-schemas.ts';
import { answer, found, readBody } from '../../../_api/reply.ts';

export const PATCH = answer(CHANGE_CHANNEL, async ({ params: { id }, request }) => {
  const change = await readBody(request, CHANNEL_CHANGE);
  found((await updateChannel(sharedStore(), id, change)) || null, `Channel ${id}`);
  return new Response(null, { status: 204 });
});

export const DELETE = answer(DELETE_CHANNEL, async ({ params: { id } }) => {
  found((await removeChannel(sharedStore(), id)) || null, `Channel ${id}`);
  return new Response(null, { status: 204 });
});
