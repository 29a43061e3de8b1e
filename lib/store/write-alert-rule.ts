import type { AlertRuleDraft } from '#lib/alerts/alert-rule.ts';
import type { WallMicros } from '#lib/base/brand.ts';
import type { AlertTransaction } from './alert-transaction.ts';
import { timeOf } from './read-rows.ts';

/** Writes an alert rule: a new one, or over the one that has its id. */
export async function writeAlertRule(transaction: AlertTransaction, id: string, rule: AlertRuleDraft): Promise<void> {
  const { name, isEnabled, condition, groupBy, channelIds, renotifyMs, quietMs } = rule;
  await transaction.$executeRaw`
    insert into alert_rule (id, name, is_enabled, condition, group_by, channel_ids, renotify_ms, quiet_ms)
    values (${id}::uuid, ${name}, ${isEnabled}, ${JSON.stringify(condition)}::jsonb, ${[...groupBy]}::text[], ${[...channelIds]}::uuid[],
      ${renotifyMs}::int, ${quietMs}::int)
    on conflict (id) do update set name = excluded.name, is_enabled = excluded.is_enabled, condition = excluded.condition,
      group_by = excluded.group_by, channel_ids = excluded.channel_ids, renotify_ms = excluded.renotify_ms, quiet_ms = excluded.quiet_ms,
      updated_at = now()`;
}

/** Keeps the messages of a rule back until a moment; null lets them through. */
export async function silenceAlertRule(transaction: AlertTransaction, id: string, until: WallMicros | null): Promise<void> {
  await transaction.$executeRaw`update alert_rule set silenced_until = ${timeOf(until)}, updated_at = now() where id = ${id}::uuid`;
}

/**
 * Deletes an alert rule; its open incidents are resolved by the alerter.
 * @returns false where there is none
 */
export async function deleteAlertRule(transaction: AlertTransaction, id: string): Promise<boolean> {
  return (await transaction.$executeRaw`delete from alert_rule where id = ${id}::uuid`) > 0;
}
