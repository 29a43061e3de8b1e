import { globSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { NAMED_SCHEMAS } from '#app/api/v1/_api/named-schemas.ts';
import { makeOpenApiDocument } from '#app/api/v1/_api/openapi.ts';
import { OPERATIONS } from '#app/api/v1/_api/operations.ts';
import type { SessionId } from '#lib/base/brand.ts';
import { ERRORS } from '#lib/base/errors.ts';
import { keptId } from '#lib/base/kept-id.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import { schemaOf } from '#tests/support/api-schema.ts';
import { eventually } from '#tests/support/eventually.ts';
import { seedAlertRule, seedChannel } from '#tests/support/seed-alerts.ts';
import { makeTestDashboard } from '#tests/support/test-dashboard.ts';
import { makeTestStore } from '#tests/support/test-store.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';

const database = makeTestStore();
const dashboard = makeTestDashboard(database);
let session: SessionId;

beforeAll(async () => {
  session = await database.seed.session();
  await database.seed.append(session, 120);
  await seedEntities();
  await seedAlerts();
});

/** One row of each kind that `append` does not write. */
async function seedEntities(): Promise<void> {
  await database.seed.query(
    `insert into item (session_id, id, ordinal, first_seq, last_seq, type, role, text, text_final, transcription_status, audio_ms, deleted, created_at)
     values ($1, 'item_1', 1, 1, 2, 'message', 'user', 'Hello', true, 'completed', 12.5, false, now())`,
    [session],
  );
  await database.seed.query(
    `insert into tool_call (session_id, call_id, ordinal, first_seq, last_seq, kind, name, arguments_text, status, called_at)
     values ($1, 'call_1', 1, 1, 2, 'function', 'get_weather', '{}', 'answered', now())`,
    [session],
  );
  await database.seed.query(
    `insert into anomaly (session_id, id, rule_id, rule_version, severity, variant, fingerprint, at, from_seq, to_seq, last_seq, evidence, values)
     values ($1, 'failed-response.1.0011223344556677', 'failed-response', 1, 'high', 'default', 'failed-response openai - gpt-realtime',
       now(), 3, 3, 3, '{3}', '{"responseId": "resp_1", "errorCode": "server_error", "errorMessage": "The server had an error."}')`,
    [session],
  );
  await database.seed.query(
    `insert into recording_loss (spool, cause, session_id, from_seq, to_seq, messages, bytes, detail)
     values ('tap', 'spool_full', $1, 121, 122, 2, 300, 'The spool was full.')`,
    [session],
  );
}

/** One alert rule, channel, incident and delivery. */
async function seedAlerts(): Promise<void> {
  const channel = await seedChannel(database.store, 'https://hooks.example.org/services/T0/secret-token');
  const rule = await seedAlertRule(database.store, { channelIds: [channel.id] });
  const incident = '0190a000-0000-4000-8000-000000000001';
  await database.seed.query(
    `insert into incident (id, rule_id, rule_name, fingerprint, group_keys, state, severity, title, detail, occurrences, opened_at,
       last_seen_at, sights, timeline)
     values ($1, $2, 'Anything bad', 'f', '{"session":"s"}', 'open', 'high', 'No audio deltas', 'Because.', 1, now(), now(), $3, $4)`,
    [
      ...[incident, rule, JSON.stringify([{ at: 1_795_313_060_000_125, sessionId: session, seq: 7 }])],
      JSON.stringify([{ at: 1_795_313_060_000_125, kind: 'opened', text: 'No audio deltas' }]),
    ],
  );
  await database.seed.query(
    `insert into delivery (id, channel_id, incident_id, kind, state, body, attempts)
     values (gen_random_uuid(), $1, $2, 'opened', 'pending', '{}', '[{"at":1795313060000125,"status":503,"error":"The receiver answered 503.","durationMs":5}]')`,
    [channel.id, incident],
  );
}

const get = (path: string) => fetch(`${dashboard.url}${path}`);
const getJson = async (path: string) => (await get(path)).json();
const fill = (path: string) => path.replace('{id}', session).replace('{seq}', '3');

/** All route files but the one that answers whatever is no path. */
function routeFiles(): readonly string[] {
  return globSync('app/api/v1/**/route.ts', { cwd: ROOT_FOLDER }).filter((file) => !file.includes('[[...path]]'));
}

test('every route file is in the document, and every path of the document has its route', () => {
  const routes = routeFiles().map(
    (file) =>
      `/${file
        .replace(/^app\//, '')
        .replace(/\/route\.ts$/, '')
        .replaceAll('[', '{')
        .replaceAll(']', '}')}`,
  );
  expect(Object.keys(makeOpenApiDocument()['paths'] as object).sort()).toEqual(routes.sort());
});

test('every method that a route answers is in the document', async () => {
  for (const file of routeFiles()) {
    const path = `/${file
      .replace(/^app\//, '')
      .replace(/\/route\.ts$/, '')
      .replaceAll('[', '{')
      .replaceAll(']', '}')}`;
    const methods = Object.keys(await import(`${ROOT_FOLDER}/${file}`)).map((name) => name.toLowerCase());
    expect(
      OPERATIONS.filter((operation) => operation.path === path)
        .map(({ method }) => method)
        .sort(),
    ).toEqual(methods.sort());
  }
});

test('the document that is served is the one that is made, and names every schema that it refers to', async () => {
  const document = await getJson('/api/v1/openapi.json');
  expect(document).toEqual(JSON.parse(JSON.stringify(makeOpenApiDocument())));
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference);
  const names = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(names).toEqual(expect.arrayContaining(references));
});

test.each(OPERATIONS.filter(({ method, body }) => method === 'get' && body !== null && 'json' in body))(
  'what $path really answers is what the document says',
  async ({ path, body, status }) => {
    if (body === null || !('json' in body)) throw new Error('has no JSON');
    const response = await get(fill(path));
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    const reply = await response.json();
    expect(schemaOf(NAMED_SCHEMAS.get(body.json)?.id ?? '').parse(reply)).toEqual(reply);
    expect(JSON.stringify(reply).length).toBeGreaterThan(100);
  },
);

test('an anomaly carries its words, and keeps what is said of it', async () => {
  const id = 'failed-response.1.0011223344556677';
  const say = (body: unknown) =>
    fetch(`${dashboard.url}/api/v1/anomalies/${session}/${id}`, { method: 'PATCH', body: JSON.stringify(body) });
  const said = await (await say({ state: 'muted', mutedUntil: '2126-01-01T00:00:00.000001Z' })).json();
  expect(said).toMatchObject({
    state: 'muted',
    mutedUntil: '2126-01-01T00:00:00.000001Z',
    title: 'Response failed: server_error',
  });
  expect(said.why).toContain('The server had an error.');
  expect((await getJson(`/api/v1/sessions/${session}/anomalies`)).anomalies).toEqual([said]);
  expect((await getJson('/api/v1/anomalies?state=open')).groups).toEqual([]);
  expect((await getJson('/api/v1/anomalies?state=muted&severity=high,critical&rule=failed-response')).groups).toMatchObject([
    { fingerprint: 'failed-response openai - gpt-realtime', anomalies: 1, sessions: 1, open: 0, example: { id } },
  ]);
  expect(await (await say({ state: 'open' })).json()).toMatchObject({ state: 'open', mutedUntil: null });
  expect((await say({ state: 'gone' })).status).toBe(400);
  expect((await say('{')).status).toBe(400);
  const strange = await fetch(`${dashboard.url}/api/v1/anomalies/${session}/none`, { method: 'PATCH', body: '{"state":"open"}' });
  expect(strange.status).toBe(404);
});

test('times are ISO 8601 in UTC to the microsecond', async () => {
  const { events } = await getJson(`/api/v1/sessions/${session}/events?limit=1`);
  expect(events[0].at).toBe('2026-11-22T02:04:20.020128Z');
});

test('events come page by page, in order, of all types or of some', async () => {
  const seqs: number[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page = await getJson(`/api/v1/sessions/${session}/events?after=${after}&limit=50`);
    seqs.push(...page.events.map((event: { seq: number }) => event.seq));
    after = page.nextAfter;
  }
  expect(seqs).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  const some = await getJson(`/api/v1/sessions/${session}/events?types=response.done,nothing`);
  expect(some.events.map((event: { seq: number }) => event.seq)).toEqual([2, 52, 102]);
});

test('sessions come page by page, newest first, each once', async () => {
  const ids = [session];
  for (let index = 0; index < 7; index += 1)
    ids.push(await database.seed.session({ provider: index % 2 === 0 ? 'xai' : 'openai', status: 'ended' }));
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { sessions: { id: string }[]; nextCursor: string | null } = await getJson(
      `/api/v1/sessions?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    found.push(...page.sessions.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(found).toEqual(ids.sort().reverse());
  const count = async (query: string) => (await getJson(`/api/v1/sessions?${query}`)).sessions.length;
  expect(await count('provider=xai')).toBe(4);
  expect(await count('status=open')).toBe(1);
  expect(await count(`q=${session.slice(0, 23)}`)).toBeGreaterThan(0);
  expect(await count('q=REALTIME')).toBe(8);
  expect(await count('q=env=prod')).toBe(8);
  expect(await count('q=tag:env=prod%20provider:xai')).toBe(4);
  expect(await count('q=never')).toBe(0);
});

test('a query that cannot be read is answered with the characters that are wrong', async () => {
  const { error } = await getJson('/api/v1/search?q=refund%20colour:red');
  expect(error.problems).toEqual([{ position: 7, length: 7, message: expect.stringContaining('There is no field colour:') }]);
});

test('a moment carries the link to its message', async () => {
  await database.seed.query(
    `insert into search_text values ($1, 'text', 'item_1', 2, 'What is your refund policy?', deltascope_words('What is your refund policy?'))`,
    [session],
  );
  const { hits } = await getJson('/api/v1/search?q=%22refund%20policy%22');
  expect(hits).toEqual([expect.objectContaining({ sessionId: session, who: 'user', link: `/sessions/${session}?seq=2` })]);
});

test('an id longer than a key may be leads to what has it', async () => {
  const id = `x7/Ab+${'c'.repeat(400)}==`;
  await database.seed.query(
    `insert into item (session_id, id, ordinal, first_seq, last_seq, type, text_final, transcription_status, audio_ms, deleted)
     values ($1, $2, 2, 9, 9, 'reasoning', true, 'none', 0, false)`,
    [session, keptId(id)],
  );
  const { places } = await getJson(`/api/v1/search?q=${encodeURIComponent(id)}`);
  expect(places).toEqual([expect.objectContaining({ sessionId: session, kind: 'item', link: `/sessions/${session}?seq=9` })]);
});

test('responses and the like come page by page', async () => {
  const first = await getJson(`/api/v1/sessions/${session}/turns?limit=1`);
  expect(first).toMatchObject({ rows: [{ ordinal: 3 }], nextCursor: null });
  expect(await getJson(`/api/v1/sessions/${session}/turns?cursor=3`)).toEqual({ rows: [], nextCursor: null });
});

const AUDIO = Buffer.from('the audio of a message, as bytes');
const BODIES = {
  'a text with multi-byte characters': { payload: Buffer.from('{"type":"a","s":"é😀"}'), raw: '{"type":"a","s":"é😀"}' },
  'a text whose audio is kept beside it': {
    payload: Buffer.from(`{"s":"é😀","delta":"${AUDIO.toString('base64')}","x":1}`),
    raw: '{"s":"é😀","delta":"","x":1}',
    audio: AUDIO,
    audioOffset: '{"s":"é😀","delta":"'.length,
  },
  'bytes that are no text': {
    payload: Buffer.from([0, 255, 128, 10]),
    rawBytes: Buffer.from([0, 255, 128, 10]),
    format: 'binary',
  },
  'a text with NUL': { payload: Buffer.from('a\u0000b'), rawBytes: Buffer.from('a\u0000b'), format: 'text' },
  'an empty message': { payload: Buffer.alloc(0), raw: '', format: 'text' },
} as const;

test.each(Object.entries(BODIES))('%s is answered byte for byte', async (_name, body) => {
  const id = await database.seed.session();
  await database.seed.event(id, 1, body);
  const raw = await get(`/api/v1/sessions/${id}/events/1/raw`);
  expect(Buffer.from(await raw.arrayBuffer())).toEqual(body.payload);
  expect(raw.headers.get('x-deltascope-intact')).toBe('true');
  const event = await getJson(`/api/v1/sessions/${id}/events/1`);
  expect(event.isIntact).toBe(true);
  expect(event.text === null ? Buffer.from(event.base64, 'base64') : Buffer.from(event.text)).toEqual(body.payload);
});

test('a message that is not what it was when it was recorded is shown as damaged', async () => {
  const id = await database.seed.session();
  await database.seed.event(id, 1, { payload: Buffer.from('{"type":"a"}'), raw: '{"type":"b"}' });
  expect(await getJson(`/api/v1/sessions/${id}/events/1`)).toMatchObject({ isIntact: false, text: '{"type":"b"}' });
});

test('an export holds everything in order, raw and exact, and says how it ended', async () => {
  const id = await database.seed.session({ status: 'ended' });
  for (const [index, body] of Object.values(BODIES).entries()) await database.seed.event(id, 2 * (index + 1), body);
  const response = await get(`/api/v1/sessions/${id}/export?format=jsonl`);
  expect(response.headers.get('content-disposition')).toContain(id);
  const lines = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ deltascope: 1, session: { id } });
  expect(lines.slice(1, -1).map((line) => line.seq)).toEqual([2, 4, 6, 8, 10]);
  expect(lines[2].event).toEqual(JSON.parse(BODIES['a text whose audio is kept beside it'].payload.toString()));
  expect(lines.at(-1)).toMatchObject({ end: { how: 'ended' } });
});

test('erasing a session leaves nothing of it; one that is being recorded cannot be erased', async () => {
  const id = await database.seed.session();
  await database.seed.append(id, 3);
  const erase = () => fetch(`${dashboard.url}/api/v1/sessions/${id}`, { method: 'DELETE' });
  const refusal = await erase();
  expect([refusal.status, (await refusal.json()).error.code]).toEqual([409, 'DS_STORE_SESSION_OPEN']);
  await database.seed.end(id);
  expect((await erase()).status).toBe(204);
  expect((await erase()).status).toBe(404);
  expect((await get(`/api/v1/sessions/${id}/events`)).status).toBe(404);
});

test.each([
  ['an id that is none', '/api/v1/sessions/x', 400, 'DS_API_INVALID'],
  ['a limit beyond the limit', '/api/v1/sessions?limit=100000', 400, 'DS_API_INVALID'],
  ['a place that is none', `/api/v1/sessions/${makeSessionId()}/events?after=-1`, 400, 'DS_API_INVALID'],
  ['another format', `/api/v1/sessions/${makeSessionId()}/export?format=xml`, 400, 'DS_API_INVALID'],
  ['a session that does not exist', `/api/v1/sessions/${makeSessionId()}`, 404, 'DS_API_NOT_FOUND'],
  ['events of none', `/api/v1/sessions/${makeSessionId()}/events`, 404, 'DS_API_NOT_FOUND'],
  ['columns of none', `/api/v1/sessions/${makeSessionId()}/columns`, 404, 'DS_API_NOT_FOUND'],
  ['items of none', `/api/v1/sessions/${makeSessionId()}/items`, 404, 'DS_API_NOT_FOUND'],
  ['an export of none', `/api/v1/sessions/${makeSessionId()}/export`, 404, 'DS_API_NOT_FOUND'],
  ['a query that cannot be read', '/api/v1/search?q=colour:red', 400, 'DS_SEARCH_INVALID'],
  ['a query that is too long', `/api/v1/sessions?q=${'x'.repeat(10_000)}`, 400, 'DS_SEARCH_INVALID'],
  ['a query with NUL', '/api/v1/search?q=a%00b', 400, 'DS_SEARCH_INVALID'],
  ['a path that is none', '/api/v1/sessionz', 404, 'DS_API_NOT_FOUND'],
  ['a path that spells no text', '/api/v1/sessions/%E0%A4%A', 400, 'DS_API_INVALID'],
  ['a page whose path spells no text', '/sessions/%E0%A4%A', 400, 'DS_API_INVALID'],
  ['an event of none', `/api/v1/sessions/${makeSessionId()}/events/1/raw`, 404, 'DS_API_NOT_FOUND'],
] as const)('%s is answered with a code and what to do', async (_name, path, status, code) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  const reply = await response.json();
  expect(schemaOf('Error').parse(reply)).toEqual(reply);
  expect(reply.error).toMatchObject({ code, action: ERRORS[code].action });
});

test('a failure of our own shows its code, and its cause to the log alone', async () => {
  await database.seed.query('alter table turn rename to turn_away');
  try {
    const response = await get(`/api/v1/sessions/${session}/turns`);
    const text = await response.text();
    expect([response.status, JSON.parse(text).error.code]).toEqual([500, 'DS_API_FAILED']);
    expect(text).not.toContain('turn');
    await eventually('it is in the log', () => /the API failed to answer/.test(dashboard.output()));
    expect(dashboard.output()).toContain('does not exist');
  } finally {
    await database.seed.query('alter table turn_away rename to turn');
  }
});
