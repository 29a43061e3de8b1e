import { z } from 'zod';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import { isSessionId } from '#lib/base/session-id.ts';
import { fromIsoTime } from '#lib/base/wall-time.ts';
import { USAGE_GROUPS } from '#lib/session/sums.ts';
import { ALERT_OPERATIONS } from './alert-operations.ts';
import { ANOMALY, ANOMALY_GROUP, anomalyState, severity } from './anomaly-schemas.ts';
import { ITEM, RESPONSE, TOOL_CALL, TURN } from './entity-schemas.ts';
import { COLUMNS, EVENT } from './event-schemas.ts';
import { givenText, givenTime } from './given.ts';
import { named } from './named-schemas.ts';
import { defineOperation } from './operation.ts';
import { SEARCH_RESULT } from './search-schemas.ts';
import { LOSS, SESSION } from './session-schemas.ts';
import { USAGE_REPORT } from './usage-schemas.ts';

/** Everything that the API does, as data. Each route file names the operation that it answers. */

const MAX_SEQ = 2 ** 31 - 1;
const sessionId = z
  .string()
  .refine(isSessionId, 'is no session id')
  .transform((id) => id as SessionId);
const limit = (fallback: number, max: number) => z.coerce.number().int().min(1).max(max).default(fallback);
const place = z.coerce.number().int().min(0).max(MAX_SEQ).default(0);

const usageTime = givenTime.transform((text) => Math.floor((fromIsoTime(text) as WallMicros) / 1000)).optional();

const searchText = z
  .string()
  .default('')
  .describe('A query in the language of the search box, as `docs/search.md` describes it.');

const SESSION_PARAMS = z.object({ id: sessionId });
const EVENT_PARAMS = z.object({ id: sessionId, seq: z.coerce.number().int().min(1).max(MAX_SEQ) });
const NO_QUERY = z.object({});
const ENTITY_QUERY = z.object({
  cursor: place.describe('`nextCursor` of the page before.'),
  limit: limit(1000, 5000),
});
const nextCursor = z.int().nullable().describe('Cursor of the next page; null on the last.');

export const LIST_SESSIONS = defineOperation({
  method: 'get',
  path: '/api/v1/sessions',
  summary: 'Sessions, newest first.',
  params: z.object({}),
  query: z.object({
    cursor: sessionId.optional().describe('`nextCursor` of the page before.'),
    limit: limit(50, 500),
    status: z.enum(['open', 'ended', 'lost', 'refused', 'failed']).optional(),
    provider: givenText(200).optional(),
    q: searchText,
  }),
  status: 200,
  body: { json: named('SessionPage', z.strictObject({ sessions: z.array(SESSION), nextCursor: z.uuid().nullable() })) },
  failures: [400],
});

export const SEARCH = defineOperation({
  method: 'get',
  path: '/api/v1/search',
  summary: 'Moments in which something was said, and what the matching sessions have in common.',
  params: z.object({}),
  query: z.object({
    q: searchText,
    cursor: sessionId.optional().describe('`nextCursor` of the page before.'),
    limit: limit(20, 100).describe('A session’s moments, at most five, stand on one page, also where the limit is less.'),
  }),
  status: 200,
  body: { json: SEARCH_RESULT },
  failures: [400],
});

export const FIND_SESSION = defineOperation({
  method: 'get',
  path: '/api/v1/sessions/{id}',
  summary: 'One session: summary, configuration, totals, and what is known to be lost of it.',
  params: SESSION_PARAMS,
  query: NO_QUERY,
  status: 200,
  body: { json: named('SessionDetail', z.strictObject({ session: SESSION, losses: z.array(LOSS) })) },
  failures: [400, 404],
});

export const ERASE_SESSION = defineOperation({
  method: 'delete',
  path: '/api/v1/sessions/{id}',
  summary: 'Erases everything of one session. It must have ended.',
  params: SESSION_PARAMS,
  query: NO_QUERY,
  status: 204,
  body: null,
  failures: [400, 403, 404, 409],
});

export const READ_EVENTS = defineOperation({
  method: 'get',
  path: '/api/v1/sessions/{id}/events',
  summary: 'Events without their bodies, in order of `seq`.',
  params: SESSION_PARAMS,
  query: z.object({
    after: place.describe('Events with a higher `seq` only.'),
    limit: limit(500, 5000),
    types: givenText(4000)
      .transform((text) => text.split(',').filter((type) => type !== ''))
      .optional()
      .describe('Comma-separated types, as they stood on the wire or canonical.'),
  }),
  status: 200,
  body: {
    json: named(
      'EventPage',
      z.strictObject({
        events: z.array(EVENT),
        nextAfter: z.int().nullable().describe('`after` of the next page; null on the last.'),
      }),
    ),
  },
  failures: [400, 404],
});

export const READ_EVENT = defineOperation({
  method: 'get',
  path: '/api/v1/sessions/{id}/events/{seq}',
  summary: 'One event with its body, exact.',
  params: EVENT_PARAMS,
  query: NO_QUERY,
  status: 200,
  body: {
    json: named(
      'StoredEvent',
      z.strictObject({
        event: EVENT,
        text: z.string().nullable().describe('The message, letter for letter; null where it is not UTF-8.'),
        base64: z.string().nullable().describe('Its bytes, where it is not UTF-8.'),
        sha256: z.string().describe('Of the message, in hex, as computed when it was recorded.'),
        isIntact: z.boolean().describe('Whether the stored message still has that hash.'),
      }),
    ),
  },
  failures: [400, 404],
});

export const READ_RAW = defineOperation({
  method: 'get',
  path: '/api/v1/sessions/{id}/events/{seq}/raw',
  summary: 'The bytes of one message, as recorded.',
  params: EVENT_PARAMS,
  query: NO_QUERY,
  status: 200,
  body: { media: ['application/json', 'text/plain', 'application/octet-stream'] },
  failures: [400, 404],
});

export const READ_COLUMNS = defineOperation({
  method: 'get',
  path: '/api/v1/sessions/{id}/columns',
  summary: 'All events of a session as columns, compact.',
  params: SESSION_PARAMS,
  query: z.object({ after: place.describe('Events with a higher `seq` only.') }),
  status: 200,
  body: { json: COLUMNS },
  failures: [400, 404],
});

export const EXPORT_SESSION = defineOperation({
  method: 'get',
  path: '/api/v1/sessions/{id}/export',
  summary: 'Everything of a session as lines of JSON, streaming; `deltascope import` reads it back without loss.',
  params: SESSION_PARAMS,
  query: z.object({ format: z.literal('jsonl').default('jsonl') }),
  status: 200,
  body: { media: ['application/x-ndjson'] },
  failures: [400, 404],
});

export const LIST_RESPONSES = defineEntityList('responses', 'Responses, in order of first sight.', RESPONSE);
export const LIST_ITEMS = defineEntityList('items', 'Conversation and output items, in order of first sight.', ITEM);
export const LIST_TOOL_CALLS = defineEntityList('tool-calls', 'Tool calls, in order of first sight.', TOOL_CALL);
export const LIST_TURNS = defineEntityList('turns', 'Turns, in order.', TURN);

export const LIST_ANOMALIES = defineOperation({
  method: 'get',
  path: '/api/v1/sessions/{id}/anomalies',
  summary: 'What the rules found in a session, in the order of what it is about.',
  params: SESSION_PARAMS,
  query: NO_QUERY,
  status: 200,
  body: { json: named('AnomalyList', z.strictObject({ anomalies: z.array(ANOMALY) })) },
  failures: [400, 404],
});

export const GROUP_ANOMALIES = defineOperation({
  method: 'get',
  path: '/api/v1/anomalies',
  summary: 'Anomalies of all sessions, grouped by what is alike; those found last first.',
  params: z.object({}),
  query: z.object({
    cursor: givenText(400)
      .regex(/^\d{1,16}:\d{1,16}:/, 'is no cursor of this list')
      .optional()
      .describe('`nextCursor` of the page before. Pages tell what was found until the first of them was read.'),
    limit: limit(50, 500),
    rule: givenText(200).optional(),
    severity: z
      .string()
      .transform((list) => list.split(','))
      .pipe(z.array(severity))
      .optional()
      .describe('Comma-separated.'),
    state: anomalyState.optional().describe('`open` leaves out what was acknowledged, resolved, or is muted now.'),
    provider: givenText(200).optional(),
    since: givenTime
      .transform((text) => fromIsoTime(text) as WallMicros)
      .optional()
      .describe('Found at or after this moment, ISO 8601.'),
  }),
  status: 200,
  body: {
    json: named('AnomalyGroupPage', z.strictObject({ groups: z.array(ANOMALY_GROUP), nextCursor: z.string().nullable() })),
  },
  failures: [400],
});

/** What is said of an anomaly. */
export const ANOMALY_CHANGE = named(
  'AnomalyChange',
  z.strictObject({
    state: anomalyState,
    mutedUntil: givenTime
      .nullable()
      .optional()
      .describe('With `muted`: until then, ISO 8601; for good where it is null or absent.'),
  }),
);

export const CHANGE_ANOMALY = defineOperation({
  method: 'patch',
  path: '/api/v1/anomalies/{session}/{id}',
  summary: 'Says what became of an anomaly. The rules never overwrite it.',
  params: z.object({ session: sessionId, id: givenText(400).min(1) }),
  query: NO_QUERY,
  request: ANOMALY_CHANGE,
  status: 200,
  body: { json: ANOMALY },
  failures: [400, 403, 404],
});

export const CHANGE_ANOMALY_GROUP = defineOperation({
  method: 'patch',
  path: '/api/v1/anomalies',
  summary: 'Says what became of all anomalies of one kind. Those found later begin as open.',
  params: z.object({}),
  query: z.object({ fingerprint: givenText(400).min(1) }),
  request: ANOMALY_CHANGE,
  status: 200,
  body: { json: named('AnomalyGroupChanged', z.strictObject({ changed: z.int().describe('How many anomalies.') })) },
  failures: [400, 403],
});

export const READ_USAGE = defineOperation({
  method: 'get',
  path: '/api/v1/usage',
  summary: 'Tokens and cost of the sessions that began in a span of time, by day, provider, model or tag.',
  params: z.object({}),
  query: z.object({
    from: usageTime.describe('ISO 8601; 30 days before `to` where absent.'),
    to: usageTime.describe('ISO 8601; now where absent.'),
    group: z.enum(USAGE_GROUPS).default('day').describe('A session with several tags counts under each of them.'),
  }),
  status: 200,
  body: { json: USAGE_REPORT },
  failures: [400],
});

export const DESCRIBE_API = defineOperation({
  method: 'get',
  path: '/api/v1/openapi.json',
  summary: 'This document.',
  params: z.object({}),
  query: NO_QUERY,
  status: 200,
  body: { json: named('OpenApiDocument', z.looseObject({ openapi: z.literal('3.1.0') })) },
  failures: [],
});

export const OPERATIONS = [
  ...[LIST_SESSIONS, SEARCH, FIND_SESSION, ERASE_SESSION, READ_EVENTS, READ_EVENT, READ_RAW, READ_COLUMNS],
  ...[LIST_RESPONSES, LIST_ITEMS, LIST_TOOL_CALLS, LIST_TURNS, EXPORT_SESSION],
  ...[LIST_ANOMALIES, GROUP_ANOMALIES, CHANGE_ANOMALY, CHANGE_ANOMALY_GROUP, READ_USAGE, DESCRIBE_API],
  ...ALERT_OPERATIONS,
] as const;

/** The list of one kind of a session's entities: `{ rows, nextCursor }`. */
function defineEntityList(name: string, summary: string, row: z.ZodType) {
  const page = z.strictObject({ rows: z.array(row), nextCursor });
  return defineOperation({
    method: 'get',
    path: `/api/v1/sessions/{id}/${name}`,
    summary,
    params: SESSION_PARAMS,
    query: ENTITY_QUERY,
    status: 200,
    body: { json: named(`${name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Page`, page) },
    failures: [400, 404],
  });
}
