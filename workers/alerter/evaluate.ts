import { randomUUID } from 'node:crypto';
import type { AlertRule } from '#lib/alerts/alert-rule.ts';
import type { Change, Sighting } from '#lib/alerts/decide.ts';
import { openIncident, passTime, resolveIncident, seeAgain } from '#lib/alerts/decide.ts';
import type { Incident, NoticeKind } from '#lib/alerts/incident.ts';
import type { FoundAnomaly } from '#lib/alerts/matching.ts';
import { sightAnomaly } from '#lib/alerts/matching.ts';
import { planDeliveries } from '#lib/alerts/plan-deliveries.ts';
import { sightShares } from '#lib/alerts/share.ts';
import type { WallMicros } from '#lib/base/brand.ts';
import { renderAnomaly } from '#lib/rules/render.ts';
import type { AlertTransaction } from '#lib/store/alert-transaction.ts';
import { withAlertLock } from '#lib/store/alert-transaction.ts';
import type { Store } from '#lib/store/connect.ts';
import { filterSessions } from '#lib/store/filter-sessions.ts';
import { listAlertRules } from '#lib/store/list-alert-rules.ts';
import type { ChannelRow } from '#lib/store/list-channels.ts';
import { listChannels } from '#lib/store/list-channels.ts';
import { readOpenIncidents } from '#lib/store/list-incidents.ts';
import { readResponseTallies } from '#lib/store/read-response-tallies.ts';
import type { NoticedAnomaly } from '#lib/store/take-anomaly-notices.ts';
import { takeAnomalyNotices } from '#lib/store/take-anomaly-notices.ts';
import { writeDeliveries, writeIncidents } from '#lib/store/write-incidents.ts';

/** Most anomalies in one transaction. */
const MAX_ANOMALIES = 500;

export interface EvaluationOptions {
  readonly now: WallMicros;
  readonly publicUrl: string;
  /** Whether shares, renotification and resolution are looked at as well. */
  readonly isTick: boolean;
}

export interface Evaluation {
  readonly opened: number;
  readonly messages: number;
  /** Whether more anomalies may wait. */
  readonly more: boolean;
}

/** What happened to one incident in this evaluation. */
interface Changed {
  incident: Incident;
  /** The first reason to tell somebody; the message shows the incident as it is in the end. */
  notify: NoticeKind | null;
  readonly rule: AlertRule | null;
  readonly isNew: boolean;
}

type Seen = { readonly rule: AlertRule; readonly sighting: Sighting };

/** Looks at new anomalies, and on a tick at everything that time decides, in one transaction. */
export async function evaluate(store: Store, options: EvaluationOptions): Promise<Evaluation> {
  return withAlertLock(store, async (transaction) => {
    const { taken, anomalies } = await takeAnomalyNotices(transaction, MAX_ANOMALIES);
    if (taken === 0 && !options.isTick) return { opened: 0, messages: 0, more: false };
    const rules = await listAlertRules(transaction);
    const active = rules.filter((rule) => rule.isEnabled);
    const seen = [
      ...(await sightAnomalies(transaction, active, anomalies)),
      ...(options.isTick ? await sightTallies(transaction, active, options) : []),
    ];
    const fingerprints = [...new Set(seen.map(({ sighting }) => sighting.fingerprint))];
    const open = await readOpenIncidents(transaction, options.isTick ? 'all' : fingerprints);
    const changes = decideAll(open, seen, rules, options);
    const messages = await write(transaction, changes, await listChannels(transaction), options);
    return { opened: changes.filter((change) => change.isNew).length, messages, more: taken === MAX_ANOMALIES };
  });
}

async function sightAnomalies(
  transaction: AlertTransaction,
  rules: readonly AlertRule[],
  anomalies: readonly NoticedAnomaly[],
): Promise<readonly Seen[]> {
  const found = anomalies.map(toFound);
  const seen: Seen[] = [];
  for (const rule of rules) {
    const sightings = found.flatMap((anomaly) => sightAnomaly(rule, anomaly) ?? []);
    seen.push(...(await inWantedSessions(transaction, rule, sightings)).map((sighting) => ({ rule, sighting })));
  }
  return seen;
}

/** Of what a rule sees, that of sessions which match its query. */
async function inWantedSessions(
  transaction: AlertTransaction,
  { condition }: AlertRule,
  sightings: readonly Sighting[],
): Promise<readonly Sighting[]> {
  const { query } = condition.where;
  if (query == null || sightings.length === 0) return sightings;
  const ids = [...new Set(sightings.flatMap(({ place }) => place?.sessionId ?? []))];
  const wanted = await filterSessions(transaction, query, ids);
  return sightings.filter(({ place }) => place !== null && wanted.has(place.sessionId));
}

function toFound(anomaly: NoticedAnomaly): FoundAnomaly {
  const { title, why } = renderAnomaly(anomaly);
  const { sessionId, noticedAt, fromSeq, ruleId, severity, fingerprint, provider, model, tags } = anomaly;
  return { sessionId, noticedAt, seq: fromSeq, ruleId, severity, fingerprint, provider, model, tags, title, why };
}

async function sightTallies(
  transaction: AlertTransaction,
  rules: readonly AlertRule[],
  { now }: EvaluationOptions,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const rule of rules) {
    if (rule.condition.kind !== 'share') continue;
    const since = (now - rule.condition.windowMs * 1000) as WallMicros;
    const tallies = await readResponseTallies(transaction, rule.condition, since);
    seen.push(...sightShares(rule, tallies).map((sighting) => ({ rule, sighting })));
  }
  return seen;
}

function decideAll(
  open: readonly Incident[],
  seen: readonly Seen[],
  rules: readonly AlertRule[],
  { now, isTick }: EvaluationOptions,
): readonly Changed[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const held = new Map(open.map((incident) => [incident.fingerprint, incident]));
  const changed = new Map<string, Changed>();
  const keep = (rule: AlertRule | null, { incident, notify }: Change, isNew: boolean) => {
    const before = changed.get(incident.fingerprint);
    if (before === undefined) changed.set(incident.fingerprint, { incident, notify, rule, isNew });
    else Object.assign(before, { incident, notify: before.notify ?? notify });
  };
  for (const { rule, sighting } of seen) {
    const known = changed.get(sighting.fingerprint)?.incident ?? held.get(sighting.fingerprint);
    if (known === undefined) keep(rule, openIncident(sighting, rule, { now, id: randomUUID() }), true);
    else keep(rule, seeAgain(known, sighting, rule, now), false);
  }
  if (!isTick) return [...changed.values()];
  for (const { fingerprint, ruleId } of open) {
    const incident = changed.get(fingerprint)?.incident ?? held.get(fingerprint);
    const rule = byId.get(ruleId) ?? null;
    const change = incident === undefined ? null : passTimeUnder(rule, incident, now);
    if (change !== null) keep(rule, change, false);
  }
  return [...changed.values()];
}

/** A rule that is off or gone keeps nothing open. */
function passTimeUnder(rule: AlertRule | null, incident: Incident, now: WallMicros): Change | null {
  if (rule?.isEnabled === true) return passTime(incident, rule, now);
  return resolveIncident(incident, 'rule', rule ?? { quietMs: 0, renotifyMs: null, silencedUntil: null }, now);
}

async function write(
  transaction: AlertTransaction,
  changes: readonly Changed[],
  channels: readonly ChannelRow[],
  { now, publicUrl }: EvaluationOptions,
): Promise<number> {
  const deliveries = changes.flatMap(({ incident, notify, rule }) => {
    if (notify === null || rule === null) return [];
    const destinations = channels.filter((channel) => rule.channelIds.includes(channel.id));
    return planDeliveries({ kind: notify, incident, destinations }, { now, publicUrl, makeId: randomUUID });
  });
  await writeIncidents(
    transaction,
    changes.map(({ incident }) => incident),
  );
  await writeDeliveries(transaction, deliveries);
  return deliveries.length;
}
