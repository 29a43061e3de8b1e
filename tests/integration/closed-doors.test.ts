import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LIVE_PATH } from '#lib/live/contract.ts';
import type { DashboardProcess } from '#tests/support/dashboard.ts';
import { connectLive, startDashboardProcess } from '#tests/support/dashboard.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import type { TestTap } from '#tests/support/tap.ts';
import { startTestTap } from '#tests/support/tap.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';

/** Nothing recorded is shown, and nothing is relayed, to anybody who has not shown a password or a key. */

const PASSWORD = 'correct horse: ü';
const FORGED = 'deltascope.session_token=bm90IGEgdG9rZW4.c2lnbmF0dXJl';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A request with headers and paths that `fetch` does not let one set. */
async function ask(
  base: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const { hostname, port } = new URL(base);
  const sent = request({ hostname, port, path, method: options.method ?? 'GET', headers: options.headers ?? {} });
  sent.end(options.body);
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, headers: response.headers, body } as Answer;
}

const refusedWith = (status: number, code: string) => ({ status, body: expect.stringContaining(`"${code}"`) });
const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` });

interface Route {
  readonly path: string;
  readonly method: string;
  readonly isPage: boolean;
}

/** Every address that the folder `app` makes, with the methods that it answers. */
function listRoutes(): Route[] {
  return globSync(['page.tsx', '**/page.tsx', '**/route.ts'], { cwd: join(ROOT_FOLDER, 'app') }).flatMap((file): Route[] => {
    const folder = file.replace(/\/?(page\.tsx|route\.ts)$/, '');
    const path = `/${folder}`.replace('[seq]', '1').replaceAll(/\[[a-z]+\]/g, '0197a000-0000-7000-8000-000000000000');
    if (file.endsWith('page.tsx')) return [{ path, method: 'GET', isPage: true }];
    const source = readFileSync(join(ROOT_FOLDER, 'app', file), 'utf8');
    const methods = [...source.matchAll(/export (?:async function|function|const) ([A-Z]+)\b/g)].map(
      (match) => match[1] as string,
    );
    return methods.map((method) => ({ path, method, isPage: false }));
  });
}

describe('the dashboard with a password', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let dashboard: DashboardProcess;
  const start = (password: string) =>
    startDashboardProcess({ databaseUrl: database.url, env: { DELTASCOPE_PASSWORD: password } });

  beforeAll(async () => {
    database = await createTestDatabase();
    dashboard = await start(PASSWORD);
    // The first to come builds the pages.
  }, 400_000);
  afterAll(async () => {
    await dashboard.stop();
    await database.drop();
  });

  const signIn = (password: string, { from = '', headers = {} }: { from?: string; headers?: Record<string, string> } = {}) =>
    ask(dashboard.url, '/auth/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ username: 'operator', password, from }).toString(),
    });
  const cookiesOf = (answer: Answer) => answer.headers['set-cookie'] as string[];
  const signedIn = async () => ({ cookie: String(cookiesOf(await signIn(PASSWORD))[0]).split(';')[0] as string });

  const routes = listRoutes().filter(({ path }) => path !== '/login');

  it('has routes to walk', () => {
    expect(routes.filter(({ isPage }) => isPage).length).toBeGreaterThan(3);
    expect(routes.filter(({ isPage }) => !isPage).length).toBeGreaterThan(10);
  });

  it.each(routes)(
    '$method $path refuses strangers, forged cookies, and the pages of other sites',
    async ({ path, method, isPage }) => {
      expect((await ask(dashboard.url, path, { method })).status).toBe(401);
      const forged = await ask(dashboard.url, path, { method, headers: { cookie: FORGED } });
      expect(forged.status).toBe(401);
      expect(JSON.parse(forged.body)).toMatchObject({ error: { code: 'DS_DASHBOARD_UNAUTHORIZED' } });
      if (method !== 'GET') {
        const headers = { ...basic(PASSWORD), origin: 'https://evil.example' };
        expect(await ask(dashboard.url, path, { method, headers })).toMatchObject(
          refusedWith(403, 'DS_DASHBOARD_FOREIGN_ORIGIN'),
        );
      }
      if (!isPage) return;
      const visit = await ask(dashboard.url, `${path}?q=a%26b`, { headers: { accept: 'text/html' } });
      expect(visit).toMatchObject({ status: 303, headers: { location: `/login?from=${encodeURIComponent(`${path}?q=a%26b`)}` } });
    },
  );

  it.each([
    '/metrics',
    '/nowhere',
    '/_next/image?url=x',
    '/_next/data/x.json',
    '/_next/static/../../api/v1/sessions',
    '/_next/static/%2e%2E/%2e%2e/api/v1/sessions',
    '/login/../api/v1/sessions',
    '/login/',
    '//api/v1/sessions',
    '/api/v1/sessions?x=/login',
  ])('%s is no way around', async (path) => {
    expect((await ask(dashboard.url, path)).status).toBe(401);
    expect((await ask(dashboard.url, path, { method: 'POST' })).status).toBe(401);
  });

  it('health is told on this machine, and to nobody who comes by a proxy', async () => {
    for (const path of ['/healthz', '/readyz']) {
      expect((await ask(dashboard.url, path)).status).not.toBe(401);
      expect((await ask(dashboard.url, path, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(401);
    }
  });

  it('the live socket refuses strangers by both transports and takes sessions and programs with the password', async () => {
    for (const transports of [['websocket'], ['polling']] as const) {
      const stranger = connectLive(dashboard.url, {
        transports: [...transports],
        reconnection: false,
        extraHeaders: { cookie: FORGED },
      });
      await new Promise((resolve) => stranger.once('connect_error', resolve));
      stranger.disconnect();
    }
    expect((await ask(dashboard.url, `${LIVE_PATH}/?EIO=4&transport=polling`)).status).toBe(403);
    for (const extraHeaders of [await signedIn(), basic(PASSWORD)]) {
      const known = connectLive(dashboard.url, { extraHeaders });
      await new Promise((resolve) => known.once('connect', () => resolve(null)));
      known.disconnect();
    }
    const foreign = connectLive(dashboard.url, {
      reconnection: false,
      extraHeaders: { ...(await signedIn()), origin: 'https://evil.example' },
    });
    await new Promise((resolve) => foreign.once('connect_error', resolve));
  });

  it('the login page is open, with its scripts and styles, and shows nothing else', async () => {
    const page = await ask(dashboard.url, '/login?problem=wrong&from=%2Fsessions', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.body).toContain('That is not the password.');
    expect(page.body).not.toContain('aria-label="Main"');
    const assets = [...page.body.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map((match) => match[1] as string);
    expect(assets.length).toBeGreaterThan(1);
    for (const asset of assets) expect((await ask(dashboard.url, asset)).status).toBe(200);
    expect((await ask(dashboard.url, '/login', { method: 'POST' })).status).toBe(401);
  });

  it('the right password opens a session in a cookie that no script reads, and leads back to where one wanted to go', async () => {
    const answer = await signIn(PASSWORD, { from: '/sessions?status=open' });
    expect(answer).toMatchObject({ status: 303, headers: { location: '/sessions?status=open' } });
    const [cookie = ''] = cookiesOf(answer);
    expect(cookie).toMatch(/^deltascope\.session_token=.+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
    const headers = { cookie: cookie.split(';')[0] as string, accept: 'text/html' };
    expect((await ask(dashboard.url, '/sessions', { headers })).body).toContain('Log out');
    const proxied = await signIn(PASSWORD, { headers: { 'x-forwarded-proto': 'https' } });
    expect(cookiesOf(proxied)[0]).toMatch(/; Secure$/);
  });

  it.each(['//evil.example/', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)', '\\\\evil.example'])(
    'nobody is sent to %s after logging in',
    async (from) => {
      const { location } = (await signIn(PASSWORD, { from })).headers;
      expect(new URL(String(location), 'http://here.example').host).toBe('here.example');
    },
  );

  it('a wrong password opens nothing, and neither does a form of another site', async () => {
    const wrong = await signIn('Correct horse: ü', { from: '/sessions' });
    expect(wrong).toMatchObject({ status: 303, headers: { location: '/login?problem=wrong&from=%2Fsessions' } });
    expect(cookiesOf(wrong)).toBeUndefined();
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
      expect(await signIn(PASSWORD, { headers })).toMatchObject(refusedWith(403, 'DS_DASHBOARD_FOREIGN_ORIGIN'));
    expect(await signIn(PASSWORD, { headers: { host: 'evil.example' } })).toMatchObject(
      refusedWith(421, 'DS_DASHBOARD_UNKNOWN_HOST'),
    );
    expect((await signIn(PASSWORD, { headers: { origin: 'null', 'sec-fetch-site': 'same-origin' } })).status).toBe(303);
  });

  it('logging out ends the session everywhere, not only in the browser', async () => {
    const headers = await signedIn();
    expect((await ask(dashboard.url, '/api/v1/sessions', { headers })).status).toBe(200);
    const answer = await ask(dashboard.url, '/auth/sign-out', { method: 'POST', headers });
    expect(answer).toMatchObject({ status: 303, headers: { location: '/login' } });
    expect(cookiesOf(answer)[0]).toContain('Max-Age=0');
    expect((await ask(dashboard.url, '/api/v1/sessions', { headers })).status).toBe(401);
  });

  it('programs show the password with each request, and browsers get no dialogue for it', async () => {
    expect((await ask(dashboard.url, '/api/v1/sessions', { headers: basic(PASSWORD) })).status).toBe(200);
    expect((await ask(dashboard.url, '/api/v1/sessions')).headers['www-authenticate']).toContain('Basic');
    const browser = await ask(dashboard.url, '/api/v1/sessions', { headers: { 'sec-fetch-mode': 'cors' } });
    expect(browser.headers['www-authenticate']).toBeUndefined();
  });

  it('after ten wrong passwords an address waits, in the form and in HTTP Basic, while its sessions go on', async () => {
    const session = await signedIn();
    for (let attempt = 0; attempt < 10; attempt += 1)
      await ask(dashboard.url, '/api/v1/sessions', { headers: basic(`wrong ${attempt}`) });
    expect((await signIn(PASSWORD)).headers['location']).toBe('/login?problem=wait');
    expect(await ask(dashboard.url, '/api/v1/sessions', { headers: basic(PASSWORD) })).toMatchObject(
      refusedWith(429, 'DS_DASHBOARD_TOO_MANY_ATTEMPTS'),
    );
    expect((await ask(dashboard.url, '/api/v1/sessions', { headers: session })).status).toBe(200);
  });

  it('a session outlives a restart, but not a new password', async () => {
    await dashboard.stop();
    dashboard = await start(PASSWORD);
    const session = await signedIn();
    await dashboard.stop();
    dashboard = await start(PASSWORD);
    expect((await ask(dashboard.url, '/api/v1/sessions', { headers: session })).status).toBe(200);
    await dashboard.stop();
    dashboard = await start('another one');
    expect((await ask(dashboard.url, '/api/v1/sessions', { headers: session })).status).toBe(401);
    expect((await signIn(PASSWORD)).headers['location']).toBe('/login?problem=wrong');
    expect((await signIn('another one')).headers['location']).toBe('/');
  });
});

describe('the tap with capture keys', () => {
  let tap: TestTap;
  beforeAll(async () => {
    const url = 'http://127.0.0.1:9';
    tap = await startTestTap({
      gate: { captureKeys: ['first'] },
      upstreams: { openai: { kind: 'openai', url, key: 'sk-operator' }, myres: { kind: 'azure-openai', url } },
    });
  });
  afterAll(() => tap.drop());

  const PATHS = [
    '/v1/realtime?model=m',
    '/v1/realtime?call_id=rtc_1',
    '/v1/live/sessions',
    '/v1/responses',
    '/v1/realtime/calls',
    '/v1/models',
    '/azure/myres/openai/realtime?api-version=x&deployment=y',
    '/azure/myres/openai/v1/realtime?model=m',
    '/up/openai/v1/realtime?model=m',
    '/up/myres/openai/v1/realtime?model=m',
  ];

  it.each(PATHS)('%s refuses strangers and wrong keys, over HTTP and as a WebSocket', async (path) => {
    for (const headers of [{}, { 'x-deltascope-key': 'second' }] as Record<string, string>[]) {
      for (const method of ['GET', 'POST', 'DELETE'])
        expect((await ask(tap.httpUrl(''), path, { method, headers })).status).toBe(401);
      const socket = new WebSocket(tap.url(path), { headers });
      const [, response] = await once(socket, 'unexpected-response');
      // What is no WebSocket at the provider is none here, whoever asks.
      expect([401, 404]).toContain(response.statusCode);
      socket.on('error', () => {});
      socket.terminate();
    }
    expect((await ask(tap.httpUrl(''), path, { headers: { 'x-deltascope-key': 'first' } })).status).not.toBe(401);
  });

  it('its figures are for this machine and for those with a key', async () => {
    const proxied = { 'x-forwarded-for': '203.0.113.9' };
    expect((await ask(tap.httpUrl(''), '/metrics', { headers: proxied })).status).toBe(401);
    expect((await ask(tap.httpUrl(''), '/metrics?ds_key=second', { headers: proxied })).status).toBe(401);
    expect((await ask(tap.httpUrl(''), '/metrics?ds_key=first', { headers: proxied })).status).toBe(200);
    expect((await ask(tap.httpUrl(''), '/metrics')).status).toBe(200);
  });
});
