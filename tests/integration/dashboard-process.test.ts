import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import { LIVE_PATH } from '#lib/live/contract.ts';
import { ensureDatabase } from '#lib/store/ensure-database.ts';
import { migrateStore } from '#lib/store/migrate.ts';
import type { DashboardProcess, LiveClient } from '#tests/support/dashboard.ts';
import { connectLive, startDashboardProcess } from '#tests/support/dashboard.ts';
import { eventually } from '#tests/support/eventually.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import type { SeedDatabase } from '#tests/support/seed-session.ts';
import { openSeedDatabase } from '#tests/support/seed-session.ts';
import { startTestTap } from '#tests/support/tap.ts';
import { startEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { startSimulator } from '#workers/simulator/start-simulator.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let seed: SeedDatabase;
const running: DashboardProcess[] = [];
const clients: LiveClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  seed = await openSeedDatabase(database.url);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const dashboard of running.splice(0)) await dashboard.stop();
});

afterAll(async () => {
  await seed.close();
  await database.drop();
});

async function start(settings: Partial<Parameters<typeof startDashboardProcess>[0]> = {}): Promise<DashboardProcess> {
  const dashboard = await startDashboardProcess({ databaseUrl: database.url, ...settings });
  running.push(dashboard);
  return dashboard;
}

function connect(url: string, options: Parameters<typeof connectLive>[1] = {}): LiveClient {
  const client = connectLive(url, options);
  clients.push(client);
  return client;
}

function heard(client: LiveClient, event: 'connect' | 'connect_error'): Promise<unknown> {
  return new Promise((resolve) => client.once(event, resolve));
}

/** Watches a session like a page: resumes after what it holds whenever it connects. */
function watch(client: LiveClient, sessionId: SessionId) {
  const held = { seqs: [] as number[], cursor: 0 };
  client.on('connect', () => client.emit('session:watch', { sessionId, afterSeq: held.cursor }));
  client.on('session:push', (push, acknowledge) => {
    held.seqs.push(...push.events.map((event) => event.seq));
    held.cursor = push.lastSeq;
    acknowledge();
  });
  return held;
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** A request with headers that `fetch` does not let one set; gives the status, and the error's code where it was refused. */
async function ask(url: string, headers: Record<string, string>, method = 'GET'): Promise<readonly [number, string?]> {
  const sent = request(url, { method, headers }).end();
  const [response] = await once(sent, 'response');
  const body = await text(response);
  const code = /"code":"(DS_\w+)"/.exec(body)?.[1];
  return code === undefined ? [response.statusCode] : [response.statusCode, code];
}

const UNKNOWN_HOST = [421, 'DS_DASHBOARD_UNKNOWN_HOST'];
const FOREIGN_ORIGIN = [403, 'DS_DASHBOARD_FOREIGN_ORIGIN'];

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` });

test('pages, API, health and live push answer on one port; a signal ends it with 0', async () => {
  const dashboard = await start();
  expect(await (await fetch(`${dashboard.url}/healthz`)).json()).toEqual({ alive: true });
  await eventually(
    'commits are heard',
    async () => (await (await fetch(`${dashboard.url}/readyz`)).json()).parts.live === 'listening',
  );
  expect(await (await fetch(`${dashboard.url}/readyz`)).json()).toMatchObject({
    ready: true,
    parts: { database: 'ok', schema: 'ok', build: 'ok' },
  });
  expect(await (await fetch(`${dashboard.url}/metrics`)).text()).toContain('deltascope_live_sockets');
  expect((await fetch(`${dashboard.url}/sessions`)).headers.get('content-type')).toContain('text/html');
  const client = connect(dashboard.url);
  await heard(client, 'connect');
  expect(await dashboard.stop('SIGTERM')).toBe(0);
});

test('every script of a page carries the nonce of its own policy, and no other site may frame it', async () => {
  const { url } = await start();
  const nonces = new Set<string>();
  for (let visit = 0; visit < 2; visit += 1) {
    const response = await fetch(`${url}/sessions`);
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    nonces.add(nonce);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    const scripts = (await response.text()).match(/<script[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`))).toEqual([]);
  }
  expect(nonces.size).toBe(2);
});

test('a name that is not ours gets nothing (DNS rebinding), a listed one does', async () => {
  const { url } = await start({ env: { DELTASCOPE_ALLOWED_HOSTS: 'scope.example' } });
  expect(await ask(`${url}/api/v1/sessions`, { host: 'evil.example' })).toEqual(UNKNOWN_HOST);
  expect(await ask(`${url}/healthz`, { host: '10.0.0.1:3000' })).toEqual(UNKNOWN_HOST);
  expect(await ask(`${url}/api/v1/sessions`, { host: 'scope.example:3000' })).toEqual([200]);
  expect(await ask(`${url}/api/v1/sessions`, { host: 'localhost' })).toEqual([200]);
  expect(await ask(`${url}${LIVE_PATH}/?EIO=4&transport=polling`, { host: 'evil.example' })).toEqual([403]);
});

test('another site’s page can neither change anything nor watch', async () => {
  const { url } = await start();
  const erase = `${url}/api/v1/sessions/${await seed.session({ status: 'ended' })}`;
  expect(await ask(erase, { origin: 'http://evil.example' }, 'DELETE')).toEqual(FOREIGN_ORIGIN);
  expect(await ask(erase, { origin: 'null' }, 'DELETE')).toEqual(FOREIGN_ORIGIN);
  expect(await ask(erase, { 'sec-fetch-site': 'cross-site' }, 'DELETE')).toEqual(FOREIGN_ORIGIN);
  const stranger = connect(url, { extraHeaders: { origin: 'http://evil.example' }, reconnection: false });
  expect(await heard(stranger, 'connect_error')).toBeInstanceOf(Error);
  expect(await ask(erase, { origin: url }, 'DELETE')).toEqual([204]);
  const own = connect(url, { extraHeaders: { origin: url } });
  await heard(own, 'connect');
});

test('beyond loopback it starts only with a password', async () => {
  const open = await start({ env: { DELTASCOPE_HOST: '0.0.0.0' }, isUnready: true });
  await once(open.process, 'exit');
  expect(open.process.exitCode).toBe(1);
  expect(open.output()).toContain('DS_CONFIG_UNPROTECTED');
  const closed = await start({ env: { DELTASCOPE_HOST: '0.0.0.0', DELTASCOPE_PASSWORD: 's3cret' } });
  expect(await ask(`${closed.url}/sessions`, { ...basic('s3cret'), host: '192.168.1.20:3000' })).not.toEqual(UNKNOWN_HOST);
  expect(await ask(`${closed.url}/sessions`, { ...basic('s3cret'), host: 'evil.example' })).toEqual(UNKNOWN_HOST);
});

test('a port that is taken is named', async () => {
  const first = await start();
  const second = await start({ port: Number(new URL(first.url).port), isUnready: true });
  await once(second.process, 'exit');
  expect(second.output()).toContain('DS_START_PORT_TAKEN');
});

test('the demo’s button plays through the tap that it is told of, with a capture key, one demo at a time', async () => {
  const simulator = await startSimulator({ port: 0 });
  const upstreams = { simulator: { kind: 'simulator', url: `http://127.0.0.1:${simulator.port}` } };
  const tap = await startTestTap({ upstreams, gate: { captureKeys: ['key'] } });
  const env = { DELTASCOPE_TAP_URL: tap.url('/'), DELTASCOPE_TAP_PORT: '1', DELTASCOPE_CAPTURE_KEYS: 'key' };
  const dashboard = await start({ env });
  const press = async () => (await fetch(`${dashboard.url}/demo`, { method: 'POST' })).json();
  expect([await press(), await press()]).toEqual([{ state: 'started' }, { state: 'running' }]);
  await eventually('calls are under way', () => tap.counters.sessions > 3, 30_000);
  await dashboard.stop();
  await tap.drop();
  await simulator.close();
});

test('killed under load five times, the dashboard leaves no page with a gap or a duplicate', async () => {
  const id = await seed.session();
  let dashboard = await start();
  const port = Number(new URL(dashboard.url).port);
  const held = watch(connect(dashboard.url), id);
  let last = 0;
  let isLoading = true;
  const load = (async () => {
    while (isLoading) {
      last = await seed.append(id, 5);
      await sleep(5);
    }
  })();
  for (let round = 0; round < 5; round += 1) {
    const before = held.cursor;
    await eventually('the page grows', () => held.cursor > before + 20, 30_000);
    await dashboard.stop('SIGKILL');
    dashboard = await start({ port });
  }
  isLoading = false;
  await load;
  await eventually('the page holds everything', () => held.cursor === last, 30_000);
  expect(held.seqs).toEqual(upTo(last));
}, 120_000);

test('Postgres may stop and come back: the page says so, then catches up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'deltascope-test-outage-'));
  const settings = { fsync: 'off' };
  let server = await startEmbeddedPostgres({ folder, settings });
  await ensureDatabase(server.url, 30_000);
  await migrateStore(server.url);
  let writer = await openSeedDatabase(server.url);
  try {
    const id = await writer.session();
    await writer.append(id, 5);
    const dashboard = await start({ databaseUrl: server.url });
    const client = connect(dashboard.url);
    const held = watch(client, id);
    const reachable: boolean[] = [];
    client.on('recording:state', (state) => reachable.push(state.databaseReachable));
    await eventually('the page shows the session', () => held.cursor === 5);
    await server.stop();
    await eventually('the page says that the database is away', () => reachable.at(-1) === false, 20_000);
    expect((await fetch(`${dashboard.url}/readyz`)).status).toBe(503);
    const reply = await fetch(`${dashboard.url}/api/v1/sessions`);
    expect([reply.status, (await reply.json()).error.code]).toEqual([503, 'DS_STORE_UNREACHABLE']);
    expect((await fetch(`${dashboard.url}/healthz`)).status).toBe(200);
    server = await startEmbeddedPostgres({ folder, settings });
    writer = await openSeedDatabase(server.url);
    await writer.append(id, 5);
    await eventually('the page caught up', () => held.cursor === 10, 20_000);
    await eventually('the page says that the database is back', () => reachable.at(-1) === true, 20_000);
    await writer.append(id, 5);
    await eventually('new commits arrive', () => held.cursor === 15, 5000);
    expect(held.seqs).toEqual(upTo(15));
    expect(client.connected).toBe(true);
  } finally {
    await writer.close().catch(() => undefined);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
