import { fromIsoTime } from '#lib/base/wall-time.ts';
import { groupAnomalies } from '#lib/store/group-anomalies.ts';
import { setAnomalyGroupState } from '#lib/store/set-anomaly-group-state.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { anomalyReply } from '../_api/anomaly-reply.ts';
import { isoTimes } from '../_api/iso-times.ts';
import { ANOMALY_CHANGE, CHANGE_ANOMALY_GROUP, GROUP_ANOMALIES } from '../_api/operations.ts';
import { answer, readBody, replyJson } from '../_api/reply.ts';

export const GET = answer(GROUP_ANOMALIES, async ({ query }) => {
  const { groups, nextCursor } = await groupAnomalies(sharedStore(), query);
  return replyJson({ groups: groups.map((group) => ({ ...isoTimes(group), example: anomalyReply(group.example) })), nextCursor });
});

export const PATCH = answer(CHANGE_ANOMALY_GROUP, async ({ query: { fingerprint }, request }) => {
  const { state, mutedUntil } = await readBody(request, ANOMALY_CHANGE);
  const until = fromIsoTime(mutedUntil ?? '');
  return replyJson({ changed: await setAnomalyGroupState(sharedStore(), { fingerprint, state, mutedUntil: until }) });
});
