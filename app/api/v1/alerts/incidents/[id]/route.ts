import { changeIncident } from '#app/_server/change-alerts.ts';
import { fromIsoTime } from '#lib/base/wall-time.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { CHANGE_INCIDENT } from '../../../_api/alert-operations.ts';
import { incidentReply } from '../../../_api/alert-replies.ts';
import { INCIDENT_CHANGE } from '../../../_api/alert-schemas.ts';
import { answer, found, readBody, replyJson } from '../../../_api/reply.ts';

export const PATCH = answer(CHANGE_INCIDENT, async ({ params: { id }, request }) => {
  const { state, silencedUntil } = await readBody(request, INCIDENT_CHANGE);
  const until = silencedUntil === undefined ? undefined : fromIsoTime(silencedUntil ?? '');
  const incident = await changeIncident(sharedStore(), id, { resolve: state === 'resolved', silencedUntil: until });
  return replyJson(incidentReply(found(incident, `Incident ${id}`)));
});
