import { fromIsoTime } from '#lib/base/wall-time.ts';
import { findAlertRule } from '#lib/store/list-alert-rules.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { deleteAlertRule, silenceAlertRule, writeAlertRule } from '#lib/store/write-alert-rule.ts';
import { CHANGE_ALERT_RULE, DELETE_ALERT_RULE } from '../../../_api/alert-operations.ts';
import { ALERT_RULE_CHANGE } from '../../../_api/alert-schemas.ts';
import { isoTimes } from '../../../_api/iso-times.ts';
import { answer, found, readBody, replyJson } from '../../../_api/reply.ts';

export const PATCH = answer(CHANGE_ALERT_RULE, async ({ params: { id }, request }) => {
  const { silencedUntil, ...change } = await readBody(request, ALERT_RULE_CHANGE);
  const store = sharedStore();
  const held = found(await findAlertRule(store, id), `Alert rule ${id}`);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  await writeAlertRule(store, id, { ...held, ...given });
  if (silencedUntil !== undefined) await silenceAlertRule(store, id, fromIsoTime(silencedUntil ?? ''));
  return replyJson(isoTimes(found(await findAlertRule(store, id), `Alert rule ${id}`)));
});

export const DELETE = answer(DELETE_ALERT_RULE, async ({ params: { id } }) => {
  found((await deleteAlertRule(sharedStore(), id)) || null, `Alert rule ${id}`);
  return new Response(null, { status: 204 });
});
