import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import type { AlertTransaction } from './alert-transaction.ts';
import { IS_DECIDED } from './anomaly-decision.ts';
import { Prisma } from './generated/client.ts';
import type { RowReader } from './read-rows.ts';
import { readRows } from './read-rows.ts';

/** A new anomaly with what alert rules ask of its session. */
export interface NoticedAnomaly
  extends Pick<AnomalyView, 'ruleId' | 'severity' | 'variant' | 'values' | 'fingerprint' | 'fromSeq'> {
  readonly sessionId: SessionId;
  /** When it was found. */
  readonly noticedAt: WallMicros;
  readonly provider: string;
  readonly model: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** Whether an anomaly waits to be looked at. */
export async function hasAnomalyNotices(store: RowReader): Promise<boolean> {
  const rows = await readRows<{ waits: boolean }>(store, Prisma.sql`select exists (select from alert_inbox) as waits`);
  return rows[0]?.waits === true;
}

/**
 * Takes the anomalies that nobody has looked at, the longest waiting first, at most `limit`. They count as looked at once the transaction
 * commits. What was erased meanwhile, was imported (it tells of the past), or is acknowledged or muted, itself or as a
 * kind, is taken as well and not given.
 */
export async function takeAnomalyNotices(
  transaction: AlertTransaction,
  limit: number,
): Promise<{ readonly taken: number; readonly anomalies: readonly NoticedAnomaly[] }> {
  const keys = await transaction.$queryRaw<{ session_id: SessionId; anomaly_id: string; noticed_at: string }[]>`
    delete from alert_inbox where (session_id, anomaly_id) in
      (select session_id, anomaly_id from alert_inbox order by noticed_at, session_id, anomaly_id limit ${limit})
    returning session_id::text, anomaly_id, (extract(epoch from noticed_at) * 1000000)::bigint::text as noticed_at`;
  if (keys.length === 0) return { taken: 0, anomalies: [] };
  const anomalies = await readRows<NoticedAnomaly>(
    transaction,
    Prisma.sql`select a.session_id as "sessionId", a.rule_id as "ruleId", a.severity, a.variant, a.values, a.fingerprint,
        a.from_seq as "fromSeq", k.noticed_at as "noticedAt", s.provider, s.model, s.tags
      from unnest(${keys.map((key) => key.session_id)}::uuid[], ${keys.map((key) => key.anomaly_id)}::text[],
        ${keys.map((key) => key.noticed_at)}::bigint[]) k(session_id, id, noticed_at)
      join anomaly a on a.session_id = k.session_id and a.id = k.id
      join session s on s.id = k.session_id
      where a.state = 'open' and s.source_file is null and not exists (select from anomaly_decision d where d.fingerprint = a.fingerprint
        and ${IS_DECIDED})
      order by a.found_at, a.session_id, a.from_seq`,
  );
  return { taken: keys.length, anomalies };
}
