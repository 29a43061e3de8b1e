import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import type { DescribedOperation } from '#tests/support/api-schema.ts';
import { DOCUMENT, schemaOf } from '#tests/support/api-schema.ts';
import { startDashboardProcess } from '#tests/support/dashboard.ts';
import { ANY_ANOMALY, seedAlertRule, seedAnomaly, seedChannel } from '#tests/support/seed-alerts.ts';
import { makeTestDashboard } from '#tests/support/test-dashboard.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

/** Every operation of the document, asked with everything that is wrong: the answer is one that the document declares, and no failure. */

interface Operation extends DescribedOperation {
  readonly method: string;
  readonly path: string;
}

const OPERATIONS: readonly Operation[] = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ ...described, method: method.toUpperCase(), path })),
);
const UNKNOWN = '0190a000-0000-7000-8000-000000000009';
const INCIDENT = '0190a000-0000-4000-8000-000000000001';

const database = makeTestStore();
const dashboard = makeTestDashboard(database);
let session: SessionId;
let channel: string;
let rule: string;

beforeAll(async () => {
  session = await database.seed.session();
  await database.seed.append(session, 12);
  await seedAnomaly(database.seed, session, { id: 'found' });
  channel = (await seedChannel(database.store, 'https://example.org/hook')).id;
  rule = await seedAlertRule(database.store, { channelIds: [channel] });
  await database.seed.query(
    `insert into incident (id, rule_id, rule_name, fingerprint, group_keys, state, severity, title, detail, occurrences, opened_at, last_seen_at, sights, timeline)
     values ($1, $2, 'r', 'f', '{}', 'open', 'high', 't', 'd', 1, now(), now(), '[]', '[]')`,
    [INCIDENT, rule],
  );
});

test('every operation has a name of its own, and every part of its path is a parameter', () => {
  const names = OPERATIONS.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { path, parameters } of OPERATIONS) {
    const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect([path, parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)]).toEqual([path, parts]);
  }
});

/** The path of an operation with what it needs to find something; `wrong` in the place of one parameter. */
function addressOf({ path, parameters }: Operation, wrong: Readonly<Record<string, string>> = {}): string {
  const right: Record<string, string> = {
    session,
    seq: '3',
    id: path.includes('{session}') ? 'found' : ownerOf(path),
    fingerprint: 'x',
  };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => wrong[name] ?? right[name] ?? '');
  const asked = parameters
    .filter((parameter) => parameter.in === 'query' && (parameter.required || wrong[parameter.name] !== undefined))
    .map(({ name }) => `${name}=${wrong[name] ?? right[name]}`);
  return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
}

function ownerOf(path: string): string {
  return path.includes('/rules/')
    ? rule
    : path.includes('/channels/')
      ? channel
      : path.includes('/incidents/')
        ? INCIDENT
        : session;
}

/** What is wrong with an answer, by the document; null where nothing is. */
async function faultOf(operation: Operation, address: string, init: RequestInit = {}): Promise<string | null> {
  const response = await fetch(`${dashboard.url}${address}`, { method: operation.method, ...init });
  const text = await response.text();
  const asked = `${operation.method} ${address.slice(0, 120)} ${String(init.body ?? '').slice(0, 80)}`;
  const declared = operation.responses[response.status];
  if (declared === undefined || response.status >= 500) return `${asked} → ${response.status} ${text}`;
  const reference = declared.content?.['application/json']?.schema?.$ref;
  if (reference === undefined) return null;
  const parsed = schemaOf(reference.slice(reference.lastIndexOf('/') + 1)).safeParse(JSON.parse(text));
  return parsed.success ? null : `${asked} → ${response.status} ${parsed.error.message}`;
}

const AT_ONCE = 6;

/** A few at once: a crowd would only wait for connections. */
async function faultsOf(asks: readonly (() => Promise<string | null>)[]): Promise<readonly string[]> {
  const faults: (string | null)[] = [];
  for (let at = 0; at < asks.length; at += AT_ONCE) {
    faults.push(...(await Promise.all(asks.slice(at, at + AT_ONCE).map((ask) => ask()))));
  }
  return faults.filter((fault) => fault !== null);
}

/** As they stand in an address; those that can be part of a path, and others. */
const WRONG_PARTS = [
  ...[
    '-1',
    '0',
    '1e9',
    '1.5',
    'abc',
    'NaN',
    '%00',
    'a%00b',
    '%27;drop%20table%20session;--',
    '%2e%2e%2fetc',
    '%22',
    '*',
    UNKNOWN,
  ],
  ...[
    '9999999999999999:9999999999999999:x',
    '1:1:',
    '1:1:%00',
    '1:',
    'x'.repeat(5_000),
    '2026-11-20',
    'open,',
    ',,',
    '2026-11-20T00:00:00Z',
  ],
  ...['9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00%2B23:59'],
];
const WRONG_VALUES = ['', '%ED%A0%80', '%F0%28', '%E0%A4%A', 'a&b=c&&=', '#'];

test.each(OPERATIONS)('$method $path never fails over a parameter, and answers as declared', async (operation) => {
  const wrong = operation.parameters.flatMap(({ name, in: place }) =>
    (place === 'path' ? WRONG_PARTS : [...WRONG_PARTS, ...WRONG_VALUES]).map((value) => ({ [name]: value })),
  );
  const isDone = operation.method === 'DELETE' || operation.path.endsWith('/test');
  const init = operation.requestBody === undefined ? {} : { body: '{"state":"open"}' };
  const known = isDone ? [] : [() => faultOf(operation, addressOf(operation), init)];
  expect(await faultsOf([...known, ...wrong.map((each) => () => faultOf(operation, addressOf(operation, each), init))])).toEqual(
    [],
  );
});

const DRAFT = {
  name: 'n',
  isEnabled: true,
  condition: ANY_ANOMALY,
  groupBy: [],
  channelIds: [],
  renotifyMs: null,
  quietMs: 60_000,
};
const LONE = '\ud800';
const WRONG_BODIES: readonly string[] = [
  ...['', '{', 'null', '[]', '"x"', '1', '{}', '{"__proto__":{"state":"open"}}', '['.repeat(50_000)],
  ...['{"state":"muted","mutedUntil":"9999-12-31T23:59:59-23:59"}', '{"state":"muted","mutedUntil":"0000-01-01T00:00:00+23:59"}'],
  ...['{"silencedUntil":"9999-12-31T23:59:59-23:59"}', '{"silencedUntil":"0000-01-01T00:00:00Z"}', '{"silencedUntil":"soon"}'],
  ...[
    { ...DRAFT, name: LONE },
    { ...DRAFT, name: '\u0000' },
    { ...DRAFT, quietMs: 1e300 },
  ].map((body) => JSON.stringify(body)),
  JSON.stringify({ ...DRAFT, condition: { ...ANY_ANOMALY, where: { provider: LONE, model: null, tags: {} } } }),
  JSON.stringify({ ...DRAFT, condition: { ...ANY_ANOMALY, where: { provider: null, model: null, tags: { [LONE]: 'x' } } } }),
  JSON.stringify({ name: LONE, kind: 'webhook', url: 'https://example.org/' }),
  JSON.stringify({ name: 'n', kind: 'webhook', url: `https://example.org/${LONE}` }),
];

test.each(OPERATIONS.filter(({ requestBody }) => requestBody !== undefined))(
  '$method $path never fails over a body, and answers as declared',
  async (operation) => {
    expect(await faultsOf(WRONG_BODIES.map((body) => () => faultOf(operation, addressOf(operation), { body })))).toEqual([]);
  },
);

test.each(OPERATIONS.filter(({ responses }) => responses['404'] !== undefined))(
  '$method $path knows nothing of an unknown id',
  async (operation) => {
    const wrong = operation.path.includes('{session}') ? { session: UNKNOWN } : { id: UNKNOWN };
    const init = operation.requestBody === undefined ? {} : { body: '{"state":"resolved"}' };
    const body =
      operation.path.startsWith('/api/v1/alerts/rules') || operation.path.startsWith('/api/v1/alerts/channels')
        ? '{}'
        : init.body;
    const response = await fetch(`${dashboard.url}${addressOf(operation, wrong)}`, {
      method: operation.method,
      ...(operation.requestBody === undefined ? {} : { body }),
    });
    expect([response.status, (await response.json()).error.code]).toEqual([404, 'DS_API_NOT_FOUND']);
  },
);

test.each(OPERATIONS.filter(({ method }) => method !== 'GET'))(
  '$method $path is refused to a page of another site, as declared',
  async (operation) => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const response = await fetch(`${dashboard.url}${addressOf(operation)}`, { method: operation.method, headers });
    expect(Object.keys(operation.responses)).toContain('403');
    expect([response.status, schemaOf('Error').safeParse(await response.json()).success]).toEqual([403, true]);
  },
);

test('whoever calls this machine by a name that is not its own is told so, as declared', async () => {
  for (const operation of OPERATIONS) {
    const asked = request(`${dashboard.url}${addressOf(operation)}`, {
      method: operation.method,
      headers: { host: 'evil.example' },
    });
    const [response] = (await once(asked.end(), 'response')) as [IncomingMessage];
    expect([operation.path, response.statusCode, schemaOf('Error').safeParse(await json(response)).success]).toEqual([
      operation.path,
      421,
      true,
    ]);
    expect(Object.keys(operation.responses)).toContain('421');
  }
});

test('whoever has no password, or sends too many wrong ones, is told so, as declared', async () => {
  const locked = await startDashboardProcess({
    databaseUrl: database.url,
    env: { DELTASCOPE_PASSWORD: 'a long password of ours' },
  });
  try {
    const expectRefusals = async (status: number, headers: Readonly<Record<string, string>>) => {
      for (const operation of OPERATIONS) {
        const response = await fetch(`${locked.url}${addressOf(operation)}`, { method: operation.method, headers });
        expect([operation.path, response.status, schemaOf('Error').safeParse(await response.json()).success]).toEqual([
          operation.path,
          status,
          true,
        ]);
        expect(Object.keys(operation.responses)).toContain(String(status));
      }
    };
    await expectRefusals(401, {});
    const authorization = `Basic ${Buffer.from('u:wrong').toString('base64')}`;
    for (let attempt = 0; attempt < 10; attempt += 1) await fetch(`${locked.url}/api/v1/usage`, { headers: { authorization } });
    await expectRefusals(429, { authorization });
  } finally {
    await locked.stop();
  }
}, 90_000);

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'LOCK', 'PROPFIND', 'TRACE'];

test('a method that a path does not answer is told those that it answers', async () => {
  for (const path of Object.keys(DOCUMENT.paths)) {
    const here = OPERATIONS.filter((operation) => operation.path === path);
    const declared = here.map(({ method }) => method);
    const allowed = [...declared, ...(declared.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
    const address = addressOf(here[0] as Operation);
    for (const method of METHODS.filter((each) => !allowed.includes(each))) {
      for (const written of [address, address.replace('/api', '/%61pi')]) {
        const [response] = (await once(request(`${dashboard.url}${written}`, { method }).end(), 'response')) as [IncomingMessage];
        const { statusCode, headers } = response;
        expect([method, written, statusCode, headers.allow]).toEqual([method, written, 405, allowed.join(', ')]);
        if (method === 'HEAD') continue;
        const reply = await json(response);
        expect([reply, schemaOf('Error').safeParse(reply).success]).toMatchObject([
          { error: { code: 'DS_API_METHOD_REFUSED' } },
          true,
        ]);
      }
    }
  }
});

test.each(OPERATIONS.filter(({ requestBody }) => requestBody !== undefined))(
  '$method $path takes no more than it needs, as declared',
  async (operation) => {
    const body = `{"name":"${'x'.repeat(1024 ** 2)}"}`;
    const response = await fetch(`${dashboard.url}${addressOf(operation)}`, { method: operation.method, body });
    expect(Object.keys(operation.responses)).toContain('413');
    expect([response.status, (await response.json()).error.code]).toEqual([413, 'DS_API_TOO_LARGE']);
  },
);

test.each(['/api/v1', '/api/v1/nothing', '/api/v1/sessions/x/y/z'])(
  '%s is no path, whatever is asked of it; what is no method of the API at all is refused before',
  async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await fetch(`${dashboard.url}${path}`, { method });
      expect([method, response.status, (await response.json()).error.code]).toEqual([method, 404, 'DS_API_NOT_FOUND']);
    }
    const [strange] = (await once(request(`${dashboard.url}${path}`, { method: 'TRACE' }).end(), 'response')) as [
      IncomingMessage,
    ];
    expect(strange.statusCode).toBe(405);
  },
);

test('pages hold each row once, in order, while more arrives', async () => {
  const getJson = async (path: string) => (await fetch(`${dashboard.url}/api/v1/${path}`)).json();
  const before = [session, await database.seed.session(), await database.seed.session()].sort().reverse();
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { sessions: { id: string }[]; nextCursor: string | null } = await getJson(
      `sessions?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    ids.push(...page.sessions.map(({ id }) => id));
    cursor = page.nextCursor;
    await database.seed.session();
  }
  expect(ids).toEqual(before);
  const seqs: number[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { events: { seq: number }[]; nextAfter: number | null } = await getJson(
      `sessions/${session}/events?limit=5&after=${after}`,
    );
    seqs.push(...page.events.map(({ seq }) => seq));
    after = page.nextAfter;
    if (seqs.length < 20) await database.seed.append(session, 4);
  }
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
});

test('pages of moments list each session that has one, once', async () => {
  const texts = new Map<string, number>();
  for (const moments of [1, 7, 2, 5, 1]) {
    const id = await database.seed.session();
    texts.set(id, Math.min(moments, 5));
    await database.seed.query(
      `insert into search_text select $1, 'text', 'item_' || n, n, c, deltascope_words(c) from generate_series(1, $2::int) n, (values ('a zebra')) t (c)`,
      [id, moments],
    );
  }
  for (const q of ['q=zebra&limit=6', 'q=zebra%20provider:openai&limit=6', 'q=zebra&limit=1']) {
    const found = new Map<string, number>();
    const order: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const response = await fetch(`${dashboard.url}/api/v1/search?${q}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page: { hits: { sessionId: string }[]; nextCursor: string | null } = await response.json();
      for (const { sessionId } of page.hits) found.set(sessionId, (found.get(sessionId) ?? 0) + 1);
      order.push(...page.hits.map(({ sessionId }) => sessionId));
      cursor = page.nextCursor;
    }
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(texts));
    expect(order).toEqual(order.toSorted().reverse());
  }
});
