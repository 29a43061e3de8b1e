import type { WallMicros } from '#lib/base/brand.ts';
import type { Json, JsonObject } from '#lib/base/json.ts';
import { toIsoTime } from '#lib/base/wall-time.ts';
import type { ChannelKind } from './alert-rule.ts';
import type { DeliveryKind, Incident, NoticeKind } from './incident.ts';

/** The bodies of messages. Made once per delivery and stored, so that every attempt sends the same bytes. */

/** What a message is about; `incident` is null for a test. */
export interface Message {
  readonly kind: DeliveryKind;
  readonly incident: Incident | null;
  readonly at: WallMicros;
  /** Where people reach the dashboard, without a slash at the end. */
  readonly publicUrl: string;
}

/** The body of a message for one kind of channel, as JSON text. */
export function renderMessage(message: Message, channel: ChannelKind): string {
  return JSON.stringify(channel === 'slack' ? toSlack(message) : toWebhook(message));
}

/** As Standard Webhooks has it: `type`, `timestamp`, `data`. */
function toWebhook({ kind, incident, at, publicUrl }: Message): JsonObject {
  const timestamp = toIsoTime(at);
  if (incident === null) {
    return { type: 'test', timestamp, data: { message: 'A test of this channel by Deltascope.', url: `${publicUrl}/alerts` } };
  }
  return { type: `incident.${kind}`, timestamp, data: describeIncident(incident, publicUrl) };
}

function describeIncident(incident: Incident, publicUrl: string): JsonObject {
  const { id, state, severity, title, detail, group, occurrences, ruleId, ruleName, resolvedBy } = incident;
  const latest = incident.sights.at(-1);
  const session: Json =
    latest === undefined
      ? null
      : { id: latest.sessionId, seq: latest.seq, url: sessionUrl(publicUrl, latest.sessionId, latest.seq) };
  return {
    incident: {
      id,
      state,
      severity,
      title,
      detail,
      group,
      occurrences,
      rule: { id: ruleId, name: ruleName },
      opened_at: toIsoTime(incident.openedAt),
      last_seen_at: toIsoTime(incident.lastSeenAt),
      resolved_at: incident.resolvedAt === null ? null : toIsoTime(incident.resolvedAt),
      resolved_by: resolvedBy,
      url: incidentUrl(publicUrl, id),
    },
    session,
  };
}

const HEADLINES: Readonly<Record<NoticeKind, string>> = {
  opened: 'New incident',
  escalated: 'Incident got worse',
  renotified: 'Incident goes on',
  resolved: 'Incident resolved',
};

/** Slack's own limits: 150 characters in a header, 3,000 in a section. */
const MAX_HEADER = 150;
const MAX_SECTION = 2_900;

function toSlack({ kind, incident, publicUrl }: Message): JsonObject {
  if (incident === null || kind === 'test') return { text: 'A test of this channel by Deltascope.' };
  const headline = `${HEADLINES[kind]}: ${incident.title}`;
  const latest = incident.sights.at(-1);
  const links = [
    `<${incidentUrl(publicUrl, incident.id)}|Incident>`,
    ...(latest === undefined ? [] : [`<${sessionUrl(publicUrl, latest.sessionId, latest.seq)}|The moment in the session>`]),
  ];
  const facts = [incident.severity, escapeSlack(incident.ruleName), `seen ${incident.occurrences} ×`, ...links];
  return {
    // What notifications show, and channels that know no blocks.
    text: `${escapeSlack(cut(headline, MAX_HEADER))} (${incident.severity})`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(headline, MAX_HEADER) } },
      { type: 'section', text: { type: 'mrkdwn', text: escapeSlack(cut(incident.detail, MAX_SECTION / 5)) || '–' } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: cut(facts.join(' · '), MAX_SECTION) }] },
    ],
  };
}

/** Of a text that came from elsewhere nothing may become a link or a mention. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

function incidentUrl(publicUrl: string, id: string): string {
  return `${publicUrl}/alerts?incident=${id}`;
}

function sessionUrl(publicUrl: string, sessionId: string, seq: number): string {
  return `${publicUrl}/sessions/${sessionId}?seq=${seq}`;
}
