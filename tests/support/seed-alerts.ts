import { randomBytes, randomUUID } from 'node:crypto';
import type { AlertRuleDraft, AnomalyCondition, ChannelKind, ShareCondition } from '#lib/alerts/alert-rule.ts';
import type { SessionId } from '#lib/base/brand.ts';
import type { Severity } from '#lib/session/view.ts';
import type { Store } from '#lib/store/connect.ts';
import { writeAlertRule } from '#lib/store/write-alert-rule.ts';
import { insertChannel } from '#lib/store/write-channel.ts';
import type { SeedDatabase } from './seed-session.ts';

/** Alert rules, channels and anomalies for tests of what becomes of them. */

export const ANYWHERE = { provider: null, model: null, tags: {} } as const;

export const ANY_ANOMALY: AnomalyCondition = { kind: 'anomaly', minSeverity: 'medium', ruleIds: [], where: ANYWHERE };

export const CANCELLED_SHARE: ShareCondition = {
  ...{
    kind: 'share',
    of: 'cancelled',
    reason: null,
    above: 0.5,
    windowMs: 60_000,
    minResponses: 4,
    severity: 'high',
    where: ANYWHERE,
  },
};

/** Stores a channel; gives its id and, of a webhook, its secret. */
export async function seedChannel(
  store: Store,
  url: string,
  kind: ChannelKind = 'webhook',
): Promise<{ id: string; secret: string }> {
  const id = randomUUID();
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  await insertChannel(store, { id, name: `to ${kind}`, kind, url, secret: kind === 'slack' ? null : secret, isEnabled: true });
  return { id, secret };
}

/** Stores an alert rule; gives its id. */
export async function seedAlertRule(
  store: Store,
  rule: Partial<AlertRuleDraft> & Pick<AlertRuleDraft, 'channelIds'>,
): Promise<string> {
  const id = randomUUID();
  await writeAlertRule(store, id, {
    ...{
      name: 'Anything bad',
      isEnabled: true,
      condition: ANY_ANOMALY,
      groupBy: ['session'],
      renotifyMs: null,
      quietMs: 3_600_000,
    },
    ...rule,
  });
  return id;
}

/** Writes an anomaly as the recorder does, and announces the commit. */
export async function seedAnomaly(
  seed: SeedDatabase,
  sessionId: SessionId,
  anomaly: {
    readonly id?: string;
    readonly severity?: Severity;
    readonly ruleId?: string;
    readonly responseId?: string;
    readonly fingerprint?: string;
    readonly values?: Readonly<Record<string, string>>;
  } = {},
): Promise<void> {
  await seed.query(
    `with found as (
       insert into anomaly (session_id, id, rule_id, rule_version, severity, variant, fingerprint, from_seq, to_seq, last_seq, evidence, values)
       values ($1, $2, $3, 1, $4, 'default', $6, 7, 7, 7, '{7}', $5) on conflict (session_id, id) do update set to_seq = 7 returning session_id)
     select pg_notify('deltascope_commit', json_build_array(json_build_array(session_id, 7))::text) from found`,
    [
      ...[sessionId, anomaly.id ?? randomUUID(), anomaly.ruleId ?? 'missing-delta', anomaly.severity ?? 'critical'],
      { family: 'audio', responseId: anomaly.responseId ?? 'resp_1', ...anomaly.values },
      anomaly.fingerprint ?? 'missing-delta/openai',
    ],
  );
}
