import { z } from 'zod';
import {
  ALERT_RULE,
  ALERT_RULE_CHANGE,
  ALERT_RULE_DRAFT,
  CHANNEL,
  CHANNEL_CHANGE,
  CHANNEL_DRAFT,
  DELIVERY,
  INCIDENT,
  INCIDENT_CHANGE,
  NEW_CHANNEL,
} from './alert-schemas.ts';
import { named } from './named-schemas.ts';
import { defineOperation } from './operation.ts';

/** What the API does about alerts. */

const NOTHING = z.object({});
const BY_ID = z.object({ id: z.uuid() });
const limit = z.coerce.number().int().min(1).max(500).default(50);
const cursor = z.uuid().optional().describe('`nextCursor` of the page before.');
const nextCursor = z.uuid().nullable().describe('Cursor of the next page; null on the last.');

export const LIST_ALERT_RULES = defineOperation({
  method: 'get',
  path: '/api/v1/alerts/rules',
  summary: 'Alert rules, oldest first.',
  params: NOTHING,
  query: NOTHING,
  status: 200,
  body: { json: named('AlertRuleList', z.strictObject({ rules: z.array(ALERT_RULE) })) },
  failures: [],
});

export const CREATE_ALERT_RULE = defineOperation({
  method: 'post',
  path: '/api/v1/alerts/rules',
  summary: 'Makes an alert rule.',
  params: NOTHING,
  query: NOTHING,
  status: 200,
  request: ALERT_RULE_DRAFT,
  body: { json: ALERT_RULE },
  failures: [400, 403],
});

export const CHANGE_ALERT_RULE = defineOperation({
  method: 'patch',
  path: '/api/v1/alerts/rules/{id}',
  summary: 'Changes or silences an alert rule.',
  params: BY_ID,
  query: NOTHING,
  status: 200,
  request: ALERT_RULE_CHANGE,
  body: { json: ALERT_RULE },
  failures: [400, 403, 404],
});

export const DELETE_ALERT_RULE = defineOperation({
  method: 'delete',
  path: '/api/v1/alerts/rules/{id}',
  params: BY_ID,
  query: NOTHING,
  status: 204,
  body: null,
  summary: 'Deletes an alert rule; its open incidents are resolved.',
  failures: [400, 403, 404],
});

export const LIST_CHANNELS = defineOperation({
  method: 'get',
  path: '/api/v1/alerts/channels',
  summary: 'Where alerts go, without what is secret.',
  params: NOTHING,
  query: NOTHING,
  status: 200,
  body: { json: named('AlertChannelList', z.strictObject({ channels: z.array(CHANNEL) })) },
  failures: [],
});

export const CREATE_CHANNEL = defineOperation({
  method: 'post',
  path: '/api/v1/alerts/channels',
  params: NOTHING,
  query: NOTHING,
  status: 200,
  summary: 'Makes a channel. Its signing secret is in this reply and in no other.',
  request: CHANNEL_DRAFT,
  body: { json: NEW_CHANNEL },
  failures: [400, 403],
});

export const CHANGE_CHANNEL = defineOperation({
  method: 'patch',
  path: '/api/v1/alerts/channels/{id}',
  summary: 'Renames a channel, turns it on or off.',
  params: BY_ID,
  query: NOTHING,
  status: 204,
  body: null,
  request: CHANNEL_CHANGE,
  failures: [400, 403, 404],
});

export const DELETE_CHANNEL = defineOperation({
  method: 'delete',
  path: '/api/v1/alerts/channels/{id}',
  params: BY_ID,
  query: NOTHING,
  status: 204,
  body: null,
  summary: 'Deletes a channel and takes it out of all alert rules.',
  failures: [400, 403, 404],
});

export const RENEW_SECRET = defineOperation({
  method: 'post',
  path: '/api/v1/alerts/channels/{id}/secret',
  params: BY_ID,
  query: NOTHING,
  status: 200,
  summary: 'Gives a webhook a new signing secret, shown this once. The one before it signs as well, until the next is given.',
  body: { json: named('RenewedSecret', z.strictObject({ secret: z.string() })) },
  failures: [400, 403, 404],
});

export const TEST_CHANNEL = defineOperation({
  method: 'post',
  path: '/api/v1/alerts/channels/{id}/test',
  params: BY_ID,
  query: NOTHING,
  status: 200,
  summary: 'Sends a test through a channel; the list of deliveries tells what became of it.',
  body: { json: named('TestedAlertChannel', z.strictObject({ deliveryId: z.uuid() })) },
  failures: [400, 403, 404],
});

export const LIST_INCIDENTS = defineOperation({
  method: 'get',
  path: '/api/v1/alerts/incidents',
  summary: 'Incidents, the latest opened first.',
  params: NOTHING,
  status: 200,
  query: z.object({
    state: z.enum(['open', 'resolved']).optional(),
    cursor,
    limit,
  }),
  body: { json: named('IncidentPage', z.strictObject({ incidents: z.array(INCIDENT), nextCursor })) },
  failures: [400],
});

export const CHANGE_INCIDENT = defineOperation({
  method: 'patch',
  path: '/api/v1/alerts/incidents/{id}',
  params: BY_ID,
  query: NOTHING,
  status: 200,
  summary: 'Resolves an incident by hand, or silences it.',
  request: INCIDENT_CHANGE,
  body: { json: INCIDENT },
  failures: [400, 403, 404],
});

export const LIST_DELIVERIES = defineOperation({
  method: 'get',
  path: '/api/v1/alerts/deliveries',
  params: NOTHING,
  status: 200,
  summary: 'Messages that were sent or are to be sent, newest first, with every attempt.',
  query: z.object({ incident: z.uuid().optional(), channel: z.uuid().optional(), cursor, limit }),
  body: { json: named('AlertDeliveryPage', z.strictObject({ deliveries: z.array(DELIVERY), nextCursor })) },
  failures: [400],
});

export const ALERT_OPERATIONS = [
  ...[LIST_ALERT_RULES, CREATE_ALERT_RULE, CHANGE_ALERT_RULE, DELETE_ALERT_RULE],
  ...[LIST_CHANNELS, CREATE_CHANNEL, CHANGE_CHANNEL, DELETE_CHANNEL, RENEW_SECRET, TEST_CHANNEL],
  ...[LIST_INCIDENTS, CHANGE_INCIDENT, LIST_DELIVERIES],
] as const;
