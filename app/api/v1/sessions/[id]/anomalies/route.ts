import { findSession } from '#lib/store/find-session.ts';
import { listAnomalies } from '#lib/store/list-anomalies.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { anomalyReply } from '../../../_api/anomaly-reply.ts';
import { LIST_ANOMALIES } from '../../../_api/operations.ts';
import { answer, found, replyJson } from '../../../_api/reply.ts';

export const GET = answer(LIST_ANOMALIES, async ({ params }) => {
  const anomalies = await listAnomalies(sharedStore(), params.id);
  if (anomalies.length === 0) found(await findSession(sharedStore(), params.id), `Session ${params.id}`);
  return replyJson({ anomalies: anomalies.map(anomalyReply) });
});
