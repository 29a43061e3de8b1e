import type { AlertRule } from '#lib/alerts/alert-rule.ts';
import { Prisma } from './generated/client.ts';
import type { RowReader } from './read-rows.ts';
import { readRows, selectList } from './read-rows.ts';

const COLUMNS = selectList(
  'id name is_enabled condition group_by channel_ids renotify_ms quiet_ms',
  'silenced_until created_at updated_at',
);

/** All alert rules, oldest first. */
export async function listAlertRules(store: RowReader): Promise<readonly AlertRule[]> {
  return readRows(store, Prisma.sql`select ${COLUMNS} from alert_rule order by alert_rule.created_at, id`);
}

/** One alert rule, or null. */
export async function findAlertRule(store: RowReader, id: string): Promise<AlertRule | null> {
  const rows = await readRows<AlertRule>(store, Prisma.sql`select ${COLUMNS} from alert_rule where id = ${id}::uuid`);
  return rows[0] ?? null;
}
