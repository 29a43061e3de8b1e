import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { parseEnv } from '#lib/config/env.ts';
import { measureTree } from '#scripts/process-memory.ts';
import { isLinux, listCommands } from '#tests/support/processes.ts';
import type { Stack } from '#tests/support/stack.ts';
import { removeStackFolder, startStack } from '#tests/support/stack.ts';
import { postgresFolder } from '#workers/shared/data-folder.ts';
import { findEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';

const MINUTES = 60_000;
const TAP = 'workers/tap/main.ts';

/** One stack for the tests in order: each leaves it running for the next, the last ones end it. */
let stack: Stack;
/** A provider that never ends a call by itself. */
let provider: WebSocketServer;

beforeAll(async () => {
  stack = await startStack();
}, 5 * MINUTES);

afterAll(async () => {
  if (stack.process.exitCode === null) await stack.stop('SIGKILL');
  provider?.close();
  removeStackFolder(stack.folder);
});

test('a first start makes everything and ends with addresses that answer ready', async () => {
  expect(stack.output()).toMatch(/✓ Migrations \(\d+ applied\)/);
  expect(stack.output()).toContain(`NODE_EXTRA_CA_CERTS=${stack.caFile}`);
  for (const origin of [stack.dashboardUrl, `http://${stack.tap}`, stack.recorder]) {
    expect((await fetch(`${origin}/readyz`)).status, origin).toBe(200);
  }
});

test('a port that is taken is named with its setting, before anything is started', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const second = await startStack({ isUnready: true, env: { DELTASCOPE_TAP_PORT: String(port) } });
  const [code] = await once(second.process, 'exit');
  expect(code).toBe(1);
  expect(second.output()).toContain(`DS_START_PORT_TAKEN: Port ${port} (DELTASCOPE_TAP_PORT) is taken.`);
  expect(second.output()).not.toContain('Postgres');
  other.close();
  removeStackFolder(second.folder);
});

test('a second start on the same data folder is refused, and leaves the first one alone', async () => {
  const database = embeddedUrl();
  const second = await startStack({ folder: stack.folder, isUnready: true });
  const [code] = await once(second.process, 'exit');
  expect(code).toBe(1);
  expect(second.output()).toContain(`DS_START_ALREADY_RUNNING: Deltascope runs on ${stack.folder} already.`);
  expect(second.output()).not.toContain('Postgres');
  expect(embeddedUrl()).toBe(database);
  for (const origin of [stack.dashboardUrl, stack.recorder]) expect(await isReady(origin)).toBe(true);
});

test.each([0, 400, 1500])('a start that is ended %i ms after its ports were tried leaves no server behind', async (ms) => {
  const short = await startStack({ isUnready: true });
  await short.waitFor('✓ Ports');
  await sleep(ms);
  expect(await short.stop('SIGTERM')).toBe(0);
  expect(listCommands(short.folder)).toEqual([]);
  removeStackFolder(short.folder);
});

test.runIf(isLinux)('it ends with npm, whose shell dies of a signal and passes it on to nobody', async () => {
  const short = await startStack({ isUnready: true, inShell: true, env: { npm_lifecycle_event: 'start' } });
  await short.waitFor('✓ Migrations');
  await short.stop('SIGTERM');
  await until(() => listCommands(short.folder).length === 0);
  removeStackFolder(short.folder);
});

test('listening beyond loopback without authentication is refused before anything is started', async () => {
  const open = await startStack({ isUnready: true, env: { DELTASCOPE_TAP_HOST: '0.0.0.0' } });
  await once(open.process, 'exit');
  expect(open.output()).toContain('DS_CONFIG_UNPROTECTED: DELTASCOPE_TAP_HOST is 0.0.0.0');
  expect(open.output()).not.toContain('Postgres');
  removeStackFolder(open.folder);
});

test.runIf(isLinux)('a worker that is killed comes back, and the tap is not touched', async () => {
  const tap = pidOf(TAP);
  for (const worker of ['recorder', 'dashboard']) {
    kill(`workers/${worker}/main.ts`);
    await stack.waitFor(`the ${worker} ended with signal SIGKILL`);
  }
  await until(async () => (await isReady(stack.recorder)) && (await isReady(stack.dashboardUrl)));
  expect(pidOf(TAP)).toBe(tap);
});

test.runIf(isLinux)('the embedded Postgres that dies comes back under the same address', async () => {
  const url = embeddedUrl();
  kill('postgres -D');
  await stack.waitFor('the embedded Postgres has gone');
  await until(async () => embeddedUrl() === url && (await isReady(stack.recorder)));
});

test('Ctrl-C ends everything in order, Postgres last', async () => {
  expect(await stack.stop('SIGINT')).toBe(0);
  const ends = [...stack.output().matchAll(/(simulator|tap|recorder|alerter|dashboard) +stopping cause=SIGTERM/g)].map(
    ([, name]) => name,
  );
  expect(ends).toEqual(['simulator', 'tap', 'recorder', 'alerter', 'dashboard']);
  expect(embeddedUrl()).toBeNull();
});

test('a second start uses the data, the client and the build that are there', async () => {
  provider = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  provider.on('connection', (socket) => socket.send('{"type":"session.created"}'));
  await once(provider, 'listening');
  const { port } = provider.address() as AddressInfo;
  const upstreams = JSON.stringify({ lasting: { kind: 'compatible', url: `http://127.0.0.1:${port}` } });
  stack = await startStack({ folder: stack.folder, env: { DELTASCOPE_UPSTREAMS: upstreams } });
  expect(stack.output()).toContain('✓ Migrations (up to date)');
  expect(stack.output()).toContain('✓ Database client (kept)');
  expect(stack.output()).toContain('✓ Dashboard (kept)');
});

test('Ctrl-C waits for a call that is under way, and a second one ends it at once', async () => {
  const call = new WebSocket(`ws://${stack.tap}/up/lasting/v1/realtime`);
  await once(call, 'message');
  const closed = once(call, 'close');
  stack.process.kill('SIGINT');
  await stack.waitFor('waiting for the tap to finish its work');
  expect(call.readyState).toBe(WebSocket.OPEN);
  expect(await stack.stop('SIGINT')).toBe(130);
  await closed;
  await until(async () => embeddedUrl() === null && !(await isReady(stack.recorder)));
});

function pidOf(command: string): number | undefined {
  return measureTree(stack.process.pid ?? 0).find((one) => one.command.includes(command))?.pid;
}

/** Kills a process of the stack, found by its command line. */
function kill(command: string): void {
  process.kill(pidOf(command) ?? Number.NaN, 'SIGKILL');
}

function embeddedUrl(): string | null {
  return findEmbeddedPostgres(postgresFolder(parseEnv({ DELTASCOPE_DATA_DIR: stack.folder })));
}

async function isReady(origin: string): Promise<boolean> {
  return fetch(`${origin}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`It did not happen within 30 s.\n${stack.output()}`);
    await sleep(50);
  }
}
