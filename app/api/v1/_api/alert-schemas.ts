import { z } from 'zod';
import type { AlertRule, AlertRuleDraft, ChannelView } from '#lib/alerts/alert-rule.ts';
import type { DeliveryAttempt, DeliveryView, Incident, Sight, TimelineEntry } from '#lib/alerts/incident.ts';
import { DAY_MS } from '#lib/base/durations.ts';
import { parseQuery } from '#lib/search/parse-query.ts';
import { LONGEST_QUERY } from '#lib/search/query.ts';
import { severity } from './anomaly-schemas.ts';
import { givenTime } from './given.ts';
import type { IsoTimes } from './iso-times.ts';
import { named } from './named-schemas.ts';
import { count, moment } from './schema-words.ts';

/** Alert rules, channels, incidents and deliveries as the API takes and sends them; `lib/alerts` must agree (types). */

const id = z.uuid();

/** A line that a person wrote: no control characters, and whole ones. */
const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: `\P{Cc}` would say the same, but JSON Schema's readers lack the flag it needs
  .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'has control characters')
  .refine((text) => text.isWellFormed(), 'has half a character');

/** A query of the search language that can be read. */
const query = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_QUERY)
  .refine((text) => text.isWellFormed(), 'has half a character')
  .superRefine((text, context) => {
    const parsed = parseQuery(text, Date.now());
    if (parsed.ok) return;
    const [{ position, message }] = parsed.problems;
    context.addIssue({ code: 'custom', message: `at character ${position + 1}: ${message}` });
  });

const where = named(
  'AlertSessionFilter',
  z.strictObject({
    provider: line.nullable(),
    model: line.nullable().describe('A `*` at the end stands for any ending.'),
    tags: z.record(line, line).describe('All of them must be there.'),
    query: query.nullish().describe('In the language of search; decided by what is recorded of the session at that moment.'),
  }),
);

const condition = named(
  'AlertCondition',
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('anomaly'),
      minSeverity: severity,
      ruleIds: z.array(line).max(100).describe('Anomaly rules; empty for all.'),
      where,
    }),
    z.strictObject({
      kind: z.literal('share'),
      of: z.enum(['cancelled', 'failed', 'missing-delta']),
      reason: line.nullable().describe('Count cancelled responses of this reason only, e.g. `turn_detected`.'),
      above: z.number().min(0).max(1),
      windowMs: count.min(1000).max(7 * DAY_MS),
      minResponses: count.min(1).max(1_000_000),
      severity,
      where,
    }),
  ]),
);

const draft = {
  name: line,
  isEnabled: z.boolean(),
  condition,
  groupBy: z
    .array(z.enum(['finding', 'rule', 'session', 'provider', 'model']))
    .max(5)
    .describe('What tells incidents apart; empty for one at a time. A share groups by provider and model only.'),
  channelIds: z.array(id).max(50),
  renotifyMs: count
    .min(1000)
    .max(7 * DAY_MS)
    .nullable()
    .describe('An incident that goes on is told of again after this long; null for never.'),
  quietMs: count
    .min(1000)
    .max(7 * DAY_MS)
    .describe('An incident resolves once nothing was seen of it for this long.'),
};
const silencedUntil = givenTime.nullable().describe('Until then nobody is told; null ends it.');

export const ALERT_RULE_DRAFT = named('AlertRuleDraft', z.strictObject(draft) satisfies z.ZodType<AlertRuleDraft>);
export const ALERT_RULE_CHANGE = named('AlertRuleChange', z.strictObject({ ...draft, silencedUntil }).partial());
export const ALERT_RULE = named(
  'AlertRule',
  z.strictObject({ id, ...draft, silencedUntil: moment.nullable(), createdAt: moment, updatedAt: moment }) satisfies z.ZodType<
    IsoTimes<AlertRule>
  >,
);

export const CHANNEL = named(
  'AlertChannel',
  z.strictObject({
    id,
    name: line,
    kind: z.enum(['webhook', 'slack']),
    address: z.string().describe('The beginning of its address; the rest may be secret and is never shown.'),
    isEnabled: z.boolean(),
    createdAt: moment,
  }) satisfies z.ZodType<IsoTimes<ChannelView>>,
);
export const CHANNEL_DRAFT = named(
  'AlertChannelDraft',
  z.strictObject({
    name: line,
    kind: z.enum(['webhook', 'slack']),
    url: z.url({ protocol: /^https?$/ }).max(2000),
  }),
);
export const CHANNEL_CHANGE = named('AlertChannelChange', z.strictObject({ name: line, isEnabled: z.boolean() }).partial());
export const NEW_CHANNEL = named(
  'NewAlertChannel',
  z.strictObject({
    channel: CHANNEL,
    secret: z.string().nullable().describe('Verifies the signatures (Standard Webhooks). Shown this once; null for Slack.'),
  }),
);

const noticeKind = z.enum(['opened', 'escalated', 'renotified', 'resolved']);

export const INCIDENT = named(
  'Incident',
  z.strictObject({
    id,
    ruleId: id,
    ruleName: z.string(),
    fingerprint: z.string(),
    group: z.record(z.string(), z.string()),
    state: z.enum(['open', 'resolved']),
    severity,
    title: z.string(),
    detail: z.string(),
    occurrences: count,
    openedAt: moment,
    lastSeenAt: moment,
    lastNotifiedAt: moment.nullable(),
    resolvedAt: moment.nullable(),
    resolvedBy: z.enum(['quiet', 'person', 'rule']).nullable(),
    silencedUntil: moment.nullable(),
    sights: z
      .array(z.strictObject({ at: moment, sessionId: z.uuid(), seq: count }) satisfies z.ZodType<IsoTimes<Sight>>)
      .describe('Where it was seen: the first time, and the latest.'),
    timeline: z.array(
      z.strictObject({
        at: moment,
        kind: z.enum([...noticeKind.options, 'silenced', 'unsilenced']),
        text: z.string(),
      }) satisfies z.ZodType<IsoTimes<TimelineEntry>>,
    ),
  }) satisfies z.ZodType<Omit<IsoTimes<Incident>, 'sights' | 'timeline'>>,
);
export const INCIDENT_CHANGE = named('IncidentChange', z.strictObject({ state: z.literal('resolved'), silencedUntil }).partial());

export const DELIVERY = named(
  'AlertDelivery',
  z.strictObject({
    id: id.describe('The `webhook-id` of every attempt is `msg_` and this.'),
    channelId: id,
    channelName: z.string().nullable(),
    incidentId: id.nullable(),
    kind: z.enum([...noticeKind.options, 'test']),
    state: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.array(
      z.strictObject({
        at: moment,
        status: count.nullable(),
        error: z.string().nullable(),
        durationMs: z.number(),
      }) satisfies z.ZodType<IsoTimes<DeliveryAttempt>>,
    ),
    createdAt: moment,
    deliveredAt: moment.nullable(),
  }) satisfies z.ZodType<Omit<IsoTimes<DeliveryView>, 'attempts'>>,
);
