import type { Incident } from '#lib/alerts/incident.ts';
import type { DeliveryDraft } from '#lib/alerts/plan-deliveries.ts';
import type { WallMicros } from '#lib/base/brand.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import { toIsoTime } from '#lib/base/wall-time.ts';
import type { AlertTransaction } from './alert-transaction.ts';
import { INCIDENT_CHANNEL } from './listen-commits.ts';

/** Name of the job that sends a delivery. */
export const DELIVERY_TASK = 'deliver_alert';

/** With the waits of graphile-worker between them (e^attempt seconds) the last of these is some fifteen hours after the first. */
export const MAX_ATTEMPTS = 12;

/** Writes incidents over those of the same id, and says that there are new ones. */
export async function writeIncidents(transaction: AlertTransaction, incidents: readonly Incident[]): Promise<void> {
  if (incidents.length === 0) return;
  const rows = incidents.map((incident) => ({
    id: incident.id,
    rule_id: incident.ruleId,
    rule_name: incident.ruleName,
    fingerprint: incident.fingerprint,
    group_keys: incident.group,
    state: incident.state,
    severity: incident.severity,
    title: incident.title,
    detail: incident.detail,
    occurrences: incident.occurrences,
    opened_at: iso(incident.openedAt),
    last_seen_at: iso(incident.lastSeenAt),
    last_notified_at: iso(incident.lastNotifiedAt),
    resolved_at: iso(incident.resolvedAt),
    resolved_by: incident.resolvedBy,
    silenced_until: iso(incident.silencedUntil),
    sights: incident.sights,
    timeline: incident.timeline,
  }));
  await transaction.$executeRaw`
    insert into incident select * from jsonb_populate_recordset(null::incident, ${JSON.stringify(rows)}::jsonb)
    on conflict (id) do update set state = excluded.state, severity = excluded.severity, title = excluded.title, detail = excluded.detail,
      occurrences = excluded.occurrences, last_seen_at = excluded.last_seen_at, last_notified_at = excluded.last_notified_at,
      resolved_at = excluded.resolved_at, resolved_by = excluded.resolved_by, silenced_until = excluded.silenced_until,
      sights = excluded.sights, timeline = excluded.timeline`;
  await transaction.$queryRaw`select 1 from (select pg_notify(${INCIDENT_CHANNEL}, '')) told`;
}

/**
 * Writes messages to be sent, each with its job in the same transaction: none is lost, and none is sent that was never decided. One channel's
 * jobs run one after the other, so that a slow receiver holds up nobody else.
 */
export async function writeDeliveries(transaction: AlertTransaction, deliveries: readonly DeliveryDraft[]): Promise<void> {
  if (deliveries.length === 0) return;
  await demandJobTables(transaction);
  const rows = deliveries.map(({ id, channelId, incidentId, kind, body, createdAt }) => ({
    id,
    channel_id: channelId,
    incident_id: incidentId,
    kind,
    state: 'pending',
    body,
    attempts: [],
    created_at: iso(createdAt),
  }));
  const text = JSON.stringify(rows);
  await transaction.$executeRaw`insert into delivery select * from jsonb_populate_recordset(null::delivery, ${text}::jsonb)`;
  await transaction.$queryRaw`
    select count(graphile_worker.add_job(${DELIVERY_TASK}, json_build_object('id', d.id), queue_name => 'channel:' || d.channel_id,
      max_attempts => ${MAX_ATTEMPTS}::int)) as jobs
    from jsonb_populate_recordset(null::delivery, ${text}::jsonb) d`;
}

/** The tables of jobs are made by the first alerter that runs. */
async function demandJobTables(transaction: AlertTransaction): Promise<void> {
  const [found] = await transaction.$queryRaw<
    [{ there: boolean }]
  >`select to_regclass('graphile_worker.jobs') is not null as there`;
  if (!found.there) throw new DeltascopeError('DS_ALERTS_ALERTER_ABSENT', 'There is nobody to send it.');
}

function iso(at: WallMicros | null): string | null {
  return at === null ? null : toIsoTime(at);
}
