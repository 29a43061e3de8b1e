import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import { LIVE_PATH } from '#lib/live/contract.ts';
import { connectLive } from '#tests/support/dashboard.ts';
import { eventually } from '#tests/support/eventually.ts';
import { startReceiver } from '#tests/support/receiver.ts';
import { makeTestDashboard } from '#tests/support/test-dashboard.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

/** Ways around the dashboard's door that a stranger may try, and what becomes of the keys of those who were let in. */

const PASSWORD = 'let me in, please';

const database = makeTestStore();
const dashboard = makeTestDashboard(database, { DELTASCOPE_PASSWORD: PASSWORD });
/** What no stranger may ever read. */
let recorded: SessionId;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  recorded = await database.seed.session();
  await database.seed.append(recorded, 5);
});

afterAll(async () => {
  agent.destroy();
});

async function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const { hostname, port } = new URL(dashboard.url);
  const sent = request({ agent, hostname, port, path, method: options.method ?? 'GET', headers: options.headers ?? {} });
  sent.end(options.body);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode as number, headers: response.headers as IncomingHttpHeaders, body: await text(response) };
}

/** What the dashboard says to bytes as they are, until it hangs up. */
async function say(lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(dashboard.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

async function signIn(headers: Record<string, string> = {}): Promise<{ readonly cookie: string }> {
  const body = new URLSearchParams({ username: 'operator', password: PASSWORD }).toString();
  const answer = await ask('/auth/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
  return { cookie: String(answer.headers['set-cookie']?.[0]).split(';')[0] as string };
}

const signOut = (headers: Record<string, string>) => ask('/auth/sign-out', { method: 'POST', headers });

const TREE = encodeURIComponent(
  JSON.stringify(['', { children: ['sessions', { children: ['__PAGE__', {}] }] }, null, null, true]),
);

/** Headers that make a server, a framework or a proxy take a request for another one. */
const DISGUISES: readonly Record<string, string>[] = [
  {},
  { accept: 'text/html' },
  { rsc: '1', 'next-router-state-tree': TREE, 'next-url': '/sessions' },
  { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
  { purpose: 'prefetch', 'x-middleware-prefetch': '1', 'x-nextjs-data': '1' },
  { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
  { 'x-middleware-subrequest': 'src/middleware:src/middleware:src/middleware:src/middleware:src/middleware' },
  { 'x-middleware-rewrite': '/sessions', 'x-middleware-next': '1', 'x-middleware-set-cookie': 'a=b' },
  { 'x-matched-path': '/sessions', 'x-now-route-matches': '1=sessions' },
  { 'x-invoke-path': '/sessions', 'x-invoke-output': '/sessions', 'x-invoke-status': '200', 'x-invoke-query': '%7B%7D' },
  {
    'x-original-url': '/sessions',
    'x-rewrite-url': '/sessions',
    'x-forwarded-uri': '/sessions',
    'x-forwarded-prefix': '/sessions',
  },
  { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1', 'x-forwarded-host': 'localhost' },
  { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
  { 'x-http-method-override': 'GET', 'next-action': '0'.repeat(40) },
  { 'x-prerender-revalidate': 'x', 'x-next-resume-state-length': '1', 'next-resume': '1' },
  { host: 'localhost' },
  { authorization: 'Bearer x', cookie: 'deltascope.session_token=; deltascope.session_data=e30' },
  { cookie: `deltascope.session_token=${'a'.repeat(32)}.${'b'.repeat(43)}%3D` },
];

const PATHS = [
  ...[
    '/',
    '/sessions',
    '/SESSIONS',
    '/sessions/',
    '/sessions.',
    '/sessions.rsc',
    '/sessions.txt',
    '/sessions?_rsc=1',
    '/api/v1/sessions',
  ],
  ...[
    '//sessions',
    '/./sessions',
    '/%2e/sessions',
    '/%73essions',
    '/a/../sessions',
    '/sessions%00',
    '/sessions%2f',
    '/sessions;x',
  ],
  ...[
    '/login',
    '/login?_rsc=1',
    '/login/',
    '/Login',
    '/login.rsc',
    '/login/../sessions',
    '/login/%2e%2e/sessions',
    '/login//../sessions',
  ],
  ...[
    '/login;/../sessions',
    '/login\\..\\sessions',
    '/login#/../sessions',
    '/login?/../sessions',
    '/icon.svg/../sessions',
    '/icon.svg?x',
  ],
  ...[
    '/_next/data/x/sessions.json',
    '/_next/static/../../sessions',
    '/_next/static/..%2f..%2fsessions',
    '/_next/static/.%2e/sessions',
  ],
  ...[
    '/_next/static/%252e%252e/%252e%252e/sessions',
    '/_next/static//../sessions',
    '/_next/static/..;/sessions',
    '/_next/static/x/',
  ],
  ...[
    '/_next/image?url=%2Fapi%2Fv1%2Fsessions&w=64&q=75',
    '/auth/sign-in/../../sessions',
    '/healthz/../sessions',
    '/metrics',
    '/demo',
  ],
  ...[
    'http://127.0.0.1/sessions',
    'http://localhost/login',
    '/.next/BUILD_ID',
    '/package.json',
    '/__nextjs_source-map',
    '/404',
    '/_error',
  ],
];

test('in no disguise, by no path and by no method does a stranger read or change anything', async () => {
  const told: string[] = [];
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
    for (const headers of DISGUISES) {
      for (const path of PATHS) {
        const { status, body } = await ask(path, { method, headers });
        const isOpen =
          /^\/(login([?#]|$)|icon\.svg|_next\/static\/(?!.*(\.\.|%2e)))/.test(path) && /GET|HEAD|OPTIONS/.test(method);
        const isRefused = status >= 300 && status < 500;
        if ((!isOpen && !isRefused) || status >= 500 || body.includes(recorded))
          told.push(`${method} ${path} ${JSON.stringify(headers)}: ${status}`);
      }
    }
  }
  expect(told).toEqual([]);
}, 240_000);

test('a connection that is to become something else gets nothing at any path, and leads nowhere else', async () => {
  const elsewhere = await startReceiver();
  const targets = [
    '/',
    '/sessions',
    '/login',
    '/_next/hmr',
    '/_next/webpack-hmr',
    `${elsewhere.url}/x`,
    '//127.0.0.1/x',
    'http:/127.0.0.1/',
    '*',
  ];
  for (const target of targets) {
    for (const upgrade of ['websocket', 'h2c']) {
      const lines = [`GET ${target} HTTP/1.1`, 'Host: localhost', `Upgrade: ${upgrade}`, 'Connection: Upgrade'];
      const answer = await say([...lines, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']);
      expect(answer, target).not.toMatch(/^HTTP\/1\.1 [12]\d\d/);
      expect(answer).not.toContain(recorded);
    }
  }
  expect(elsewhere.requests).toEqual([]);
  await elsewhere.close();
});

test('no namespace and no transport of the live socket is open', async () => {
  for (const namespace of ['', '/admin', '/sessions']) {
    for (const transports of [['websocket'], ['polling']]) {
      const stranger = connectLive(`${dashboard.url}${namespace}`, { transports, reconnection: false });
      const [error] = await new Promise<[Error]>((resolve) => stranger.once('connect_error', (thrown) => resolve([thrown])));
      expect(error).toBeInstanceOf(Error);
      stranger.disconnect();
    }
  }
  for (const path of [`${LIVE_PATH}`, `${LIVE_PATH}/`, `${LIVE_PATH}/../live/`, `/%6cive/`]) {
    for (const query of [
      '?EIO=4&transport=polling',
      '?EIO=3&transport=polling',
      '?EIO=4&transport=polling&sid=x',
      '?EIO=4&transport=webtransport',
    ]) {
      const { status } = await ask(path + query);
      expect([400, 401, 403]).toContain(status);
    }
  }
});

test.each([['websocket'], ['polling']])(
  'logging out closes the session’s open live sockets (%s), and no others',
  async (transport) => {
    const [mine, other] = [await signIn(), await signIn()];
    const options = { transports: [transport], reconnection: false };
    const sockets = [mine, other].map((extraHeaders) => connectLive(dashboard.url, { ...options, extraHeaders }));
    const [leaving, staying] = sockets;
    await eventually('both watch', () => sockets.every((socket) => socket.connected));
    await signOut(mine);
    await eventually('the one is closed', () => leaving?.connected === false);
    expect(staying?.connected).toBe(true);
    for (const socket of sockets) socket.disconnect();
  },
);

test('a session that is over, however it ended, is worth nothing on an open live socket', async () => {
  const mine = await signIn();
  const socket = connectLive(dashboard.url, { reconnection: false, extraHeaders: mine });
  await eventually('it watches', () => socket.connected);
  // As another dashboard on the same database would.
  await database.seed.query('update auth_session set expires_at = now()');
  await eventually('it is closed', () => !socket.connected, 60_000);
}, 90_000);

test('sessions that have expired do not pile up', async () => {
  await signIn();
  await database.seed.query('update auth_session set expires_at = now()');
  await signIn();
  expect((await database.seed.query('select from auth_session')).rowCount).toBe(1);
});

test('no made-up sender starts the count of wrong passwords anew', async () => {
  const attempt = (number: number) =>
    ask('/auth/sign-in', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': `203.0.113.${number}`,
        'x-real-ip': `203.0.113.${number}`,
        forwarded: `for=203.0.113.${number}`,
      },
      body: `password=wrong-${number}`,
    });
  const reasons = [];
  for (let number = 0; number < 12; number += 1) reasons.push((await attempt(number)).headers.location);
  expect(reasons.slice(0, 10)).toEqual(Array(10).fill('/login?problem=wrong'));
  expect(reasons.slice(10)).toEqual(Array(2).fill('/login?problem=wait'));
});
