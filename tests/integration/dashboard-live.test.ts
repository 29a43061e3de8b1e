import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { RecordingState, SessionPush } from '#lib/live/contract.ts';
import { LIVE_PUSH_ROWS } from '#lib/live/contract.ts';
import type { SessionView } from '#lib/session/view.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import type { LiveClient } from '#tests/support/dashboard.ts';
import { connectLive } from '#tests/support/dashboard.ts';
import { eventually } from '#tests/support/eventually.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import type { SeedDatabase } from '#tests/support/seed-session.ts';
import { openSeedDatabase } from '#tests/support/seed-session.ts';
import { makeGate } from '#workers/dashboard/gate.ts';
import type { LiveServer } from '#workers/dashboard/live-server.ts';
import { openLiveServer } from '#workers/dashboard/live-server.ts';
import { makeMetrics } from '#workers/shared/health.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let seed: SeedDatabase;
let store: Store;
let server: Server;
let live: LiveServer;
let url: string;
const clients: LiveClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  seed = await openSeedDatabase(database.url);
  store = connectStore({ url: database.url });
  server = createServer();
  const gate = makeGate({ host: '127.0.0.1', allowedHosts: [], lock: null });
  const log = pino({ level: 'silent' });
  live = openLiveServer({ server, gate, store, listenUrl: database.url, recorderPort: 1, registry: makeMetrics('test'), log });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await eventually('commits are heard', () => live.isListening());
});

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

afterAll(async () => {
  await live.close();
  await disconnectStore(store);
  await seed.close();
  await database.drop();
});

function connect(): LiveClient {
  const client = connectLive(url);
  clients.push(client);
  return client;
}

/** A page: it keeps what is pushed and acknowledges at once, unless told to wait. */
function openPage(client: LiveClient, sessionId: SessionId, afterSeq = 0, status?: string) {
  const page = { pushes: [] as SessionPush[], cursor: afterSeq, acknowledgements: [] as (() => void)[], isSlow: false };
  const watch = () =>
    client.emit('session:watch', { sessionId, afterSeq: page.cursor, ...(status === undefined ? {} : { status }) });
  client.on('connect', watch);
  if (client.connected) watch();
  client.on('session:push', (push, acknowledge) => {
    if (push.sessionId !== sessionId) return;
    page.pushes.push(push);
    page.cursor = push.lastSeq;
    if (page.isSlow) page.acknowledgements.push(acknowledge);
    else acknowledge();
  });
  return { ...page, page, seqs: () => page.pushes.flatMap((push) => push.events.map((event) => event.seq)) };
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test('a page receives every event once and in order while the session grows', async () => {
  const id = await seed.session();
  await seed.append(id, 10);
  const { page, seqs } = openPage(connect(), id);
  for (let batch = 0; batch < 20; batch += 1) await seed.append(id, 7);
  await eventually('all 150 events arrived', () => page.cursor === 150);
  await sleep(150);
  expect(seqs()).toEqual(upTo(150));
  expect(page.pushes.at(-1)?.session).toMatchObject({ id, lastSeq: 150, status: 'open' });
  expect(page.pushes.at(-1)?.more).toBe(false);
});

test('a push comes within a quarter of a second of the commit', async () => {
  const id = await seed.session();
  const { page } = openPage(connect(), id);
  await eventually('the page watches', () => page.pushes.length > 0);
  const delays: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    const last = await seed.append(id, 5);
    const committed = performance.now();
    await eventually('the commit is pushed', () => page.cursor === last);
    delays.push(performance.now() - committed);
  }
  const p95 = delays.sort((one, other) => one - other)[Math.floor(delays.length * 0.95)];
  process.stdout.write(`commit → page: p95 ${p95?.toFixed(0)} ms\n`);
  expect(delays).toHaveLength(40);
});

test('a long backlog comes in several pushes, the next only after the last was acknowledged', async () => {
  const id = await seed.session();
  await seed.append(id, 2 * LIVE_PUSH_ROWS + 5);
  const client = connect();
  const { page, seqs } = openPage(client, id);
  page.isSlow = true;
  await eventually('the first push arrived', () => page.pushes.length === 1);
  await seed.append(id, 1);
  await sleep(300);
  expect(page.pushes).toHaveLength(1);
  expect(page.pushes[0]).toMatchObject({ lastSeq: LIVE_PUSH_ROWS, more: true });
  page.isSlow = false;
  page.acknowledgements.shift()?.();
  await eventually('the rest arrived', () => page.cursor === 2 * LIVE_PUSH_ROWS + 6);
  expect(seqs()).toEqual(upTo(2 * LIVE_PUSH_ROWS + 6));
  expect(page.pushes.map((push) => push.events.length)).toEqual([LIVE_PUSH_ROWS, LIVE_PUSH_ROWS, 6]);
});

test('rows beside the events come once changed, and whole on the first watch', async () => {
  const id = await seed.session();
  await seed.append(id, 60);
  await seed.append(id, 60);
  const { page } = openPage(connect(), id);
  await eventually('the page watches', () => page.cursor === 120);
  expect(page.pushes[0]?.responses.map((response) => response.lastSeq)).toEqual([60, 120]);
  expect(page.pushes[0]?.turns[0]).toMatchObject({ kind: 'speech', speechStartedAt: 1_795_313_060_000_125 });
  await seed.append(id, 1);
  await eventually('the change arrived', () => page.cursor === 121);
  expect(page.pushes.at(-1)?.responses.map((response) => response.lastSeq)).toEqual([121]);
});

test('a page that resumes after the last event it holds receives neither a gap nor a duplicate', async () => {
  const id = await seed.session();
  const client = connect();
  const { page, seqs } = openPage(client, id);
  for (let round = 0; round < 5; round += 1) {
    await seed.append(id, 30);
    await eventually('some arrived', () => page.cursor > 0);
    client.io.engine.close();
    await seed.append(id, 30);
  }
  await eventually('all 300 arrived', () => page.cursor === 300);
  await sleep(150);
  expect(seqs()).toEqual(upTo(300));
});

test('the end of a session is pushed though it has no event of its own, with the rows that it changed', async () => {
  const id = await seed.session();
  await seed.append(id, 20);
  const { page } = openPage(connect(), id);
  await eventually('the page watches', () => page.cursor === 20);
  await seed.end(id);
  await eventually('the end arrived', () => page.pushes.at(-1)?.session.status === 'ended');
  expect(page.pushes.at(-1)).toMatchObject({ events: [], responses: [{ status: 'incomplete' }], lastSeq: 20 });
});

test('a page that still shows the session as open is sent the rows that its end changed', async () => {
  const id = await seed.session();
  await seed.append(id, 20);
  await seed.end(id);
  const { page } = openPage(connect(), id, 20, 'open');
  await eventually('the end arrived', () => page.pushes.length > 0);
  expect(page.pushes[0]).toMatchObject({ events: [], responses: [{ status: 'incomplete' }] });
});

test('a notice that does not say which session changed reaches every page, and wakes nothing that has not changed', async () => {
  const [quiet, busy] = [await seed.session(), await seed.session()];
  const client = connect();
  const quietPage = openPage(client, quiet).page;
  const busyPage = openPage(client, busy).page;
  await eventually('both watch', () => quietPage.pushes.length === 1 && busyPage.pushes.length === 1);
  await seed.append(busy, 3, { notify: 'star' });
  await eventually('the change arrived', () => busyPage.cursor === 3);
  await sleep(150);
  expect(quietPage.pushes).toHaveLength(1);
});

test('a commit on a lost listening connection is made good when it stands again', async () => {
  const id = await seed.session();
  const { page, seqs } = openPage(connect(), id);
  await eventually('the page watches', () => page.pushes.length > 0);
  await seed.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'deltascope-listen' and datname = current_database()`,
  );
  await seed.append(id, 9);
  await eventually('what was missed arrived', () => page.cursor === 9);
  await eventually('commits are heard again', () => live.isListening());
  await seed.append(id, 1);
  await eventually('the next commit arrived', () => page.cursor === 10);
  expect(seqs()).toEqual(upTo(10));
});

test('a page that stops watching receives nothing more', async () => {
  const id = await seed.session();
  const client = connect();
  const { page } = openPage(client, id);
  await eventually('the page watches', () => page.pushes.length > 0);
  client.emit('session:unwatch', { sessionId: id });
  await sleep(50);
  await seed.append(id, 3);
  await sleep(200);
  expect(page.cursor).toBe(0);
});

test('a session that is watched before it is recorded appears when it is', async () => {
  const id = makeSessionId();
  const { page } = openPage(connect(), id);
  await sleep(100);
  await seed.session({ id });
  await seed.append(id, 2);
  await eventually('it appeared', () => page.cursor === 2);
});

test('nonsense from a browser is not answered and harms nobody', async () => {
  const id = await seed.session();
  await seed.append(id, 1);
  const client = connect();
  for (const request of [
    null,
    1,
    {},
    { sessionId: 'x', afterSeq: 0 },
    { sessionId: id, afterSeq: -1 },
    { sessionId: id, afterSeq: 1e12 },
  ]) {
    client.emit('session:watch', request as never);
    client.emit('session:unwatch', request as never);
  }
  const { page } = openPage(client, id);
  await eventually('a proper request is served', () => page.cursor === 1);
});

test('a list is told of what appears and changes, newest first, and of nothing while it does not watch', async () => {
  const client = connect();
  const changes: (readonly SessionView[])[] = [];
  client.on('sessions:changed', (sessions) => changes.push(sessions));
  const before = await seed.session();
  await seed.append(before, 1);
  client.emit('sessions:watch');
  await eventually('what is there arrives', () => changes.length > 0);
  expect(changes[0]?.some((session) => session.id === before)).toBe(true);
  changes.length = 0;
  const [one, other] = [await seed.session(), await seed.session()];
  await seed.append(one, 1);
  await seed.append(other, 1);
  await seed.append(one, 1);
  await eventually('both arrived', () => [one, other].every((id) => changes.flat().some((session) => session.id === id)));
  await eventually('the newest state arrived', () => changes.flat().findLast((session) => session.id === one)?.lastSeq === 2);
  for (const push of changes)
    expect(push.map(({ id }) => id)).toEqual(
      push
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
  client.emit('sessions:unwatch');
  await sleep(50);
  changes.length = 0;
  await seed.append(one, 1);
  await sleep(300);
  expect(changes).toEqual([]);
});

test('everybody is told how the recording stands, at once and then every two seconds', async () => {
  const client = connect();
  const states: RecordingState[] = [];
  client.on('recording:state', (state) => states.push(state));
  await seed.query(
    `insert into recording_loss (spool, cause, messages, detail) values ('tap', 'spool_full', 4, 'x'), ('tap', 'spool_wiped', null, 'x')`,
  );
  await eventually('two states arrived', () => states.length >= 2, 5000);
  expect(states.at(-1)).toEqual({
    behindMs: null,
    spoolBytes: null,
    spoolMaxBytes: null,
    databaseReachable: true,
    lostMessages: 5,
  });
});

test('nobody begins to look who may stay while another look goes on', async () => {
  const door = createServer();
  const waiting: (() => void)[] = [];
  let isSlow = false;
  const admitSocket = async () => {
    if (isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
    return { ok: true } as const;
  };
  const options = { store, listenUrl: database.url, recorderPort: 1, log: pino({ level: 'silent' }) };
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const slow = openLiveServer({ ...options, server: door, gate: { admitSocket }, registry: makeMetrics('slow') });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const client = connectLive(`http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  clients.push(client);
  await eventually('a browser is let in', () => client.connected);
  isSlow = true;
  vi.advanceTimersByTime(60_000);
  expect(waiting).toHaveLength(1);
  waiting[0]?.();
  await eventually('the next one begins', () => {
    vi.advanceTimersByTime(15_000);
    return waiting.length === 2;
  });
  vi.useRealTimers();
  for (const go of waiting) go();
  await slow.close();
});

test('however often a page asks for the list, it keeps nobody else from the database', async () => {
  const other = await openSeedDatabase(database.url);
  const client = connect();
  await eventually('it is connected', () => client.connected);
  await other.query('begin');
  await other.query('lock table session in access exclusive mode');
  for (let count = 0; count < 50; count += 1) client.emit('sessions:watch');
  let state: RecordingState | null = null;
  connect().once('recording:state', (told) => {
    state = told;
  });
  await eventually('another page is told how the recording stands', () => state !== null).finally(() => other.query('commit'));
  expect(state).toMatchObject({ databaseReachable: true });
  await other.close();
});
