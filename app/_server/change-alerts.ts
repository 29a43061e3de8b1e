import { randomBytes, randomUUID } from 'node:crypto';
import { isPrivateAddress } from '#lib/alerts/address.ts';
import type { AlertRule, AlertRuleDraft, ChannelKind } from '#lib/alerts/alert-rule.ts';
import { resolveIncident, silenceIncident } from '#lib/alerts/decide.ts';
import type { Incident } from '#lib/alerts/incident.ts';
import { planDeliveries } from '#lib/alerts/plan-deliveries.ts';
import type { WallMicros } from '#lib/base/brand.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import { readEnv } from '#lib/config/env.ts';
import { publicUrl } from '#lib/config/public-url.ts';
import type { AlertTransaction } from '#lib/store/alert-transaction.ts';
import { withAlertLock } from '#lib/store/alert-transaction.ts';
import type { Store } from '#lib/store/connect.ts';
import { findAlertRule } from '#lib/store/list-alert-rules.ts';
import { findChannel, listChannels } from '#lib/store/list-channels.ts';
import { findIncident } from '#lib/store/list-incidents.ts';
import { deleteAlertRule, silenceAlertRule, writeAlertRule } from '#lib/store/write-alert-rule.ts';
import { deleteChannel, insertChannel, rotateSecret } from '#lib/store/write-channel.ts';
import { writeDeliveries, writeIncidents } from '#lib/store/write-incidents.ts';

/** What a person does about alerts, beyond one write. */

/** Stores a new channel. @throws DeltascopeError DS_ALERTS_ADDRESS_REFUSED; names are checked when a message is sent */
export async function createChannel(
  store: Store,
  draft: { readonly name: string; readonly kind: ChannelKind; readonly url: string },
): Promise<{ readonly id: string; readonly secret: string | null }> {
  if (isPrivateAddress(draft.url) && !readEnv().DELTASCOPE_ALERT_ALLOW_PRIVATE) {
    throw new DeltascopeError('DS_ALERTS_ADDRESS_REFUSED', 'The channel’s address is not one of the public internet.');
  }
  const id = randomUUID();
  const secret = draft.kind === 'slack' ? null : makeSecret();
  await insertChannel(store, { ...draft, id, secret, isEnabled: true });
  return { id, secret };
}

/** Gives a channel a new signing secret beside the one that it has; null where there is no webhook of that id. */
export async function renewSecret(store: Store, channelId: string): Promise<string | null> {
  const secret = makeSecret();
  return (await rotateSecret(store, channelId, secret)) ? secret : null;
}

function makeSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}

/** Sends a test through a channel; gives the delivery's id, or null where there is no such channel. */
export async function testChannel(store: Store, channelId: string): Promise<string | null> {
  const channel = await findChannel(store, channelId);
  if (channel === null) return null;
  const deliveries = planDeliveries({ kind: 'test', incident: null, destinations: [channel] }, planning());
  await withAlertLock(store, (transaction) => writeDeliveries(transaction, deliveries));
  return deliveries[0]?.id ?? null;
}

/** Stores a new alert rule. @throws DeltascopeError DS_API_INVALID where a channel of it does not exist */
export async function createAlertRule(store: Store, draft: AlertRuleDraft): Promise<AlertRule | null> {
  const id = randomUUID();
  return withAlertLock(store, async (transaction) => {
    await demandChannels(transaction, draft.channelIds);
    await writeAlertRule(transaction, id, draft);
    return findAlertRule(transaction, id);
  });
}

/** A rule that tells nobody, because of a letter in an id, would never be missed. */
async function demandChannels(transaction: AlertTransaction, ids: readonly string[]): Promise<void> {
  const known = (await listChannels(transaction)).map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id.toLowerCase()));
  if (unknown !== undefined) throw new DeltascopeError('DS_API_INVALID', `channelIds: There is no channel ${unknown}.`);
}

/** What is undefined stays as it is. */
export type AlertRuleChange = {
  readonly [Key in keyof AlertRuleDraft | 'silencedUntil']?: AlertRule[Key] | undefined;
};

/**
 * Changes an alert rule, and of it only what is given; null where there is none.
 * @throws DeltascopeError DS_API_INVALID where a channel that it is newly given does not exist
 */
export async function changeAlertRule(store: Store, id: string, change: AlertRuleChange): Promise<AlertRule | null> {
  const { silencedUntil, ...rest } = change;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return withAlertLock(store, async (transaction) => {
    const held = await findAlertRule(transaction, id);
    if (held === null) return null;
    // Those that it has already may be of channels that have gone since.
    const added = (change.channelIds ?? []).filter((each) => !held.channelIds.includes(each.toLowerCase()));
    await demandChannels(transaction, added);
    await writeAlertRule(transaction, id, { ...held, ...given });
    if (silencedUntil !== undefined) await silenceAlertRule(transaction, id, silencedUntil);
    return findAlertRule(transaction, id);
  });
}

/** Deletes an alert rule, not while another changes it; false where there is none. */
export async function removeAlertRule(store: Store, id: string): Promise<boolean> {
  return withAlertLock(store, (transaction) => deleteAlertRule(transaction, id));
}

/** Deletes a channel and takes it out of all rules, not while one of them is changed; false where there is none. */
export async function removeChannel(store: Store, id: string): Promise<boolean> {
  return withAlertLock(store, (transaction) => deleteChannel(transaction, id));
}

export interface IncidentChange {
  readonly resolve: boolean;
  /** Undefined leaves the silence as it is. */
  readonly silencedUntil: WallMicros | null | undefined;
}

/** Resolves or silences an incident; null where there is none. An incident that is over stays as it is. */
export async function changeIncident(store: Store, id: string, change: IncidentChange): Promise<Incident | null> {
  return withAlertLock(store, async (transaction) => {
    const incident = await findIncident(transaction, id);
    if (incident === null || incident.state === 'resolved') return incident;
    const { now, ...plan } = planning();
    const silenced = change.silencedUntil === undefined ? incident : silenceIncident(incident, change.silencedUntil, now);
    const rule = await findAlertRule(transaction, incident.ruleId);
    const pace = rule ?? { quietMs: 0, renotifyMs: null, silencedUntil: null };
    const { incident: changed, notify } = change.resolve
      ? resolveIncident(silenced, 'person', pace, now)
      : { incident: silenced, notify: null };
    await writeIncidents(transaction, [changed]);
    if (notify === null || rule === null) return changed;
    const destinations = (await listChannels(transaction)).filter((channel) => rule.channelIds.includes(channel.id));
    await writeDeliveries(transaction, planDeliveries({ kind: notify, incident: changed, destinations }, { now, ...plan }));
    return changed;
  });
}

function planning() {
  return { now: (Date.now() * 1000) as WallMicros, publicUrl: publicUrl(readEnv()), makeId: randomUUID };
}
