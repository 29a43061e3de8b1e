import { createChannel } from '#app/_server/change-alerts.ts';
import { listChannels } from '#lib/store/list-channels.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { CREATE_CHANNEL, LIST_CHANNELS } from '../../_api/alert-operations.ts';
import { toChannelView } from '../../_api/alert-replies.ts';
import { CHANNEL_DRAFT } from '../../_api/alert-schemas.ts';
import { isoTimes } from '../../_api/iso-times.ts';
import { answer, found, readBody, replyJson } from '../../_api/reply.ts';

export const GET = answer(LIST_CHANNELS, async () => {
  const channels = await listChannels(sharedStore());
  return replyJson({ channels: channels.map((channel) => isoTimes(toChannelView(channel))) });
});

export const POST = answer(CREATE_CHANNEL, async ({ request }) => {
  const { id, secret } = await createChannel(sharedStore(), await readBody(request, CHANNEL_DRAFT));
  const channel = (await listChannels(sharedStore())).find((row) => row.id === id) ?? null;
  return replyJson({ channel: isoTimes(toChannelView(found(channel, `Channel ${id}`))), secret });
});
