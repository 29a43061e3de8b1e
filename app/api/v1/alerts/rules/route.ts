import { randomUUID } from 'node:crypto';
import { findAlertRule, listAlertRules } from '#lib/store/list-alert-rules.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { writeAlertRule } from '#lib/store/write-alert-rule.ts';
import { CREATE_ALERT_RULE, LIST_ALERT_RULES } from '../../_api/alert-operations.ts';
import { ALERT_RULE_DRAFT } from '../../_api/alert-schemas.ts';
import { isoTimes } from '../../_api/iso-times.ts';
import { answer, found, readBody, replyJson } from '../../_api/reply.ts';

export const GET = answer(LIST_ALERT_RULES, async () => {
  const rules = await listAlertRules(sharedStore());
  return replyJson({ rules: rules.map(isoTimes) });
});

export const POST = answer(CREATE_ALERT_RULE, async ({ request }) => {
  const draft = await readBody(request, ALERT_RULE_DRAFT);
  const id = randomUUID();
  await writeAlertRule(sharedStore(), id, draft);
  return replyJson(isoTimes(found(await findAlertRule(sharedStore(), id), `Alert rule ${id}`)));
});
