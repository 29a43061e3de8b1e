import type { WallMicros } from '#lib/base/brand.ts';
import { fromIsoTime } from '#lib/base/wall-time.ts';
import { findAnomaly } from '#lib/store/find-anomaly.ts';
import { setAnomalyState } from '#lib/store/set-anomaly-state.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { anomalyReply } from '../../../_api/anomaly-reply.ts';
import { ANOMALY_CHANGE, CHANGE_ANOMALY } from '../../../_api/operations.ts';
import { answer, found, readBody, replyJson } from '../../../_api/reply.ts';

export const PATCH = answer(CHANGE_ANOMALY, async ({ params: { session, id }, request }) => {
  const { state, mutedUntil } = await readBody(request, ANOMALY_CHANGE);
  const until: WallMicros | null = fromIsoTime(mutedUntil ?? '');
  await setAnomalyState(sharedStore(), { sessionId: session, id, state, mutedUntil: until });
  const anomaly = found(await findAnomaly(sharedStore(), session, id), `Anomaly ${id} of session ${session}`);
  return replyJson(anomalyReply(anomaly));
});
