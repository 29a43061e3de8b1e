import { changeAlertRule, removeAlertRule } from '#app/_server/change-alerts.ts';
import { fromIsoTime } from '#lib/base/wall-time.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { CHANGE_ALERT_RULE, DELETE_ALERT_RULE } from '../../../_api/alert-operations.ts';
import { ALERT_RULE_CHANGE } from '../../../_api/alert-schemas.ts';
import { isoTimes } from '../../../_api/iso-times.ts';
import { answer, found, readBody, replyJson } from '../../../_api/reply.ts';

export const PATCH = answer(CHANGE_ALERT_RULE, async ({ params: { id }, request }) => {
  const { silencedUntil, ...change } = await readBody(request, ALERT_RULE_CHANGE);
  const until = silencedUntil === undefined ? undefined : fromIsoTime(silencedUntil ?? '');
  const rule = await changeAlertRule(sharedStore(), id, { ...change, silencedUntil: until });
  return replyJson(isoTimes(found(rule, `Alert rule ${id}`)));
});

export const DELETE = answer(DELETE_ALERT_RULE, async ({ params: { id } }) => {
  found((await removeAlertRule(sharedStore(), id)) || null, `Alert rule ${id}`);
  return new Response(null, { status: 204 });
});
