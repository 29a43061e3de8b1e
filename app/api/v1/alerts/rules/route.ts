import { createAlertRule } from '#app/_server/change-alerts.ts';
import { listAlertRules } from '#lib/store/list-alert-rules.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { CREATE_ALERT_RULE, LIST_ALERT_RULES } from '../../_api/alert-operations.ts';
import { ALERT_RULE_DRAFT } from '../../_api/alert-schemas.ts';
import { isoTimes } from '../../_api/iso-times.ts';
import { answer, found, readBody, replyJson } from '../../_api/reply.ts';

export const GET = answer(LIST_ALERT_RULES, async () => {
  const rules = await listAlertRules(sharedStore());
  return replyJson({ rules: rules.map(isoTimes) });
});

export const POST = answer(CREATE_ALERT_RULE, async ({ request }) => {
  const rule = await createAlertRule(sharedStore(), await readBody(request, ALERT_RULE_DRAFT));
  return replyJson(isoTimes(found(rule, 'The alert rule')));
});
