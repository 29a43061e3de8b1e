import { groupAnomalies } from '#lib/store/group-anomalies.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { anomalyReply } from '../_api/anomaly-reply.ts';
import { isoTimes } from '../_api/iso-times.ts';
import { GROUP_ANOMALIES } from '../_api/operations.ts';
import { answer, replyJson } from '../_api/reply.ts';

export const GET = answer(GROUP_ANOMALIES, async ({ query }) => {
  const { groups, nextCursor } = await groupAnomalies(sharedStore(), query);
  return replyJson({ groups: groups.map((group) => ({ ...isoTimes(group), example: anomalyReply(group.example) })), nextCursor });
});
