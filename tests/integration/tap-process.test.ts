import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { childEnv } from '#lib/config/env.ts';
import { makeTestFolder, readWholeSpool } from '#tests/support/spool-records.ts';
import { open, waitFor } from '#tests/support/tap.ts';
import type { FakeUpstream } from '#tests/support/upstream.ts';
import { startUpstream } from '#tests/support/upstream.ts';

const MAIN = fileURLToPath(new URL('../../workers/tap/main.ts', import.meta.url));
let folder: string;
let upstream: FakeUpstream;
let children: ChildProcess[];

beforeEach(async () => {
  folder = makeTestFolder('tap-process');
  children = [];
  upstream = await startUpstream({
    onSession: (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })),
  });
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly tlsPort: number;
}

/** Starts the worker as `npm start` does and waits until it listens. */
async function startProcess(env: Record<string, string> = {}): Promise<Running> {
  const { child, output } = spawnProcess(env);
  await waitFor('the tap to listen', () => output.text.includes('tap listens') || child.exitCode !== null, 30_000);
  const line = output.text.split('\n').find((each) => each.includes('tap listens')) ?? output.text;
  const { port, tlsPort } = JSON.parse(line) as { port: number; tlsPort: number };
  return { child, port, tlsPort };
}

function spawnProcess(env: Record<string, string>): { child: ChildProcess; output: { text: string } } {
  const settings = {
    DELTASCOPE_DATA_DIR: folder,
    DELTASCOPE_TAP_PORT: '0',
    DELTASCOPE_TAP_TLS_PORT: '0',
    DELTASCOPE_LOG_FORMAT: 'json',
    DELTASCOPE_UPSTREAMS: JSON.stringify({ openai: { kind: 'openai', url: upstream.url } }),
  };
  const child = spawn(process.execPath, [MAIN], {
    env: childEnv({ ...settings, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
  });
  children.push(child);
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output.text += text;
    });
  }
  return { child, output };
}

test('kill -9 under load loses at most the last 50 ms; the rest is whole and in order', async () => {
  const spool = join(folder, 'spool', 'tap');
  const lostMs: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { child, port } = await startProcess();
    const client = await open(`ws://127.0.0.1:${port}/v1/realtime`);
    const echoedAt: number[] = [];
    client.on('message', () => echoedAt.push(performance.now()));
    let sent = 0;
    const sender = setInterval(() => {
      for (let index = 0; index < 5; index += 1) client.send(`{"n":${++sent},"pad":"${'x'.repeat(600)}"}`);
    }, 5);
    await new Promise((resolve) => setTimeout(resolve, 400 + 90 * round));
    child.kill('SIGKILL');
    const killedAt = performance.now();
    clearInterval(sender);
    await once(client, 'close');
    const records = readWholeSpool(spool);
    const start = records.findLastIndex((record) => record.kind === 'writer_start');
    const messages = records.slice(start).filter((record) => record.kind === 'message');
    expect(messages.map((record) => record.seq)).toEqual(messages.map((_, index) => index + 1));
    const recordedEchoes = messages.filter((record) => record.direction === 'server_to_client').length;
    lostMs.push(Math.max(0, killedAt - (echoedAt[recordedEchoes] ?? killedAt)));
  }
  process.stdout.write(`a killed tap lost the last ${lostMs.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
  expect(lostMs).toHaveLength(3);
});

test('SIGTERM ends the worker in order: the session is closed and recorded, exit code 0', async () => {
  const { child, port } = await startProcess({ DELTASCOPE_TAP_DRAIN_MS: '100' });
  const client = await open(`ws://127.0.0.1:${port}/v1/realtime`);
  client.send('x');
  await once(client, 'message');
  child.kill('SIGTERM');
  const [[code], [exitCode]] = await Promise.all([once(client, 'close'), once(child, 'exit')]);
  expect([code, exitCode]).toEqual([1001, 0]);
  const last = readWholeSpool(join(folder, 'spool', 'tap')).at(-1);
  expect(last).toMatchObject({ kind: 'session_close', end: { by: 'tap', code: 1001 } });
});

test('a second signal ends a draining worker at once', async () => {
  const { child, port } = await startProcess();
  const client = await open(`ws://127.0.0.1:${port}/v1/realtime`);
  child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 700));
  child.kill('SIGTERM');
  const [[code]] = await Promise.all([once(client, 'close'), once(child, 'exit')]);
  expect(code).toBe(1006);
});

test('wss: works with the local authority’s certificate and nothing else changed', async () => {
  const { tlsPort } = await startProcess();
  const ca = readFileSync(join(folder, 'ca', 'ca.pem'));
  const client = await open(`wss://localhost:${tlsPort}/v1/realtime`, { ca });
  client.send('over TLS');
  expect(String((await once(client, 'message'))[0])).toBe('over TLS');
  await expect(open(`wss://localhost:${tlsPort}/v1/realtime`)).rejects.toThrow(/certificate/);
});

test('beyond loopback it refuses to start without capture keys, and starts with them', async () => {
  const { child, output } = spawnProcess({ DELTASCOPE_TAP_HOST: '0.0.0.0' });
  expect((await once(child, 'exit'))[0]).toBe(1);
  expect(output.text).toContain('DS_CONFIG_UNPROTECTED');
  const { port } = await startProcess({ DELTASCOPE_TAP_HOST: '0.0.0.0', DELTASCOPE_CAPTURE_KEYS: 'k' });
  const client = new WebSocket(`ws://127.0.0.1:${port}/v1/realtime?ds_key=k`);
  await once(client, 'open');
  client.terminate();
});

test('upstreams that cannot be used are named at the start', async () => {
  const { child, output } = spawnProcess({
    DELTASCOPE_UPSTREAMS: '{"openai":{"kind":"openai","url":"https://api.openai.com","key":"env:NO_SUCH_KEY"}}',
  });
  expect((await once(child, 'exit'))[0]).toBe(1);
  expect(output.text).toMatch(/DS_CONFIG_INVALID.*NO_SUCH_KEY/);
});

test('a certificate that cannot be read, or comes without its key, is named at the start', async () => {
  for (const env of [
    { DELTASCOPE_TLS_CERT: '/nowhere.pem', DELTASCOPE_TLS_KEY: '/nowhere.key' },
    { DELTASCOPE_TLS_CERT: '/nowhere.pem' },
  ]) {
    const { child, output } = spawnProcess(env as Record<string, string>);
    expect((await once(child, 'exit'))[0]).toBe(1);
    expect(output.text).toMatch(/DS_CONFIG_INVALID.*DELTASCOPE_TLS_CERT/);
  }
});
