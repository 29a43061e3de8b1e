import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { childEnv } from '#lib/config/env.ts';
import type { SpoolWriter } from '#lib/spool/writer.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { findSession } from '#lib/store/find-session.ts';
import { killStragglers, startRecorderProcess } from '#tests/support/chaos.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { Script, temporaryFolder, textResponse } from '#tests/support/recording.ts';

const MAIN = fileURLToPath(new URL('../../workers/recorder/main.ts', import.meta.url));

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
let folder: ReturnType<typeof temporaryFolder>;
let writer: SpoolWriter;

beforeAll(async () => {
  database = await createTestDatabase();
  store = connectStore({ url: database.url });
});

afterAll(async () => {
  killStragglers();
  await disconnectStore(store);
  await database.drop();
});

beforeEach(() => {
  folder = temporaryFolder('recorder-process');
  writer = openSpoolWriter({ folder: folder.path, segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3 });
});

afterEach(() => {
  writer.close();
  folder.remove();
});

/** Runs `main.ts --drain --progress` to its end. */
async function drain(name: string): Promise<{ readonly status: number; readonly lines: readonly string[] }> {
  const child = spawn(process.execPath, [MAIN, '--spool', folder.path, '--name', name, '--drain', '--progress'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnv({ DATABASE_URL: database.url, DELTASCOPE_LOG_LEVEL: 'error', DELTASCOPE_LOG_FORMAT: 'json' }),
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [status] = await once(child, 'close');
  return { status, lines: output.trim().split('\n') };
}

test('draining stores all, says how far it is, and ends by itself with status 0', async () => {
  const script = new Script();
  writer.append([script.open(), ...textResponse(script, 'resp_1', 3000), script.close()]);
  writer.close();
  const { status, lines } = await drain('process-drain');
  expect(status).toBe(0);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.at(-1)).toBe(`{"stored":${script.seq}}`);
  expect(await findSession(store, script.id)).toMatchObject({ status: 'ended', lastSeq: script.seq });
  expect(await drain('process-drain')).toMatchObject({ status: 0 });
  expect(await store.event.count({ where: { sessionId: script.id } })).toBe(script.seq);
});

test('a session that an import left open is closed as lost when its spool is drained', async () => {
  const script = new Script();
  writer.append([script.open(), script.client({ type: 'a' })]);
  writer.close();
  await drain('process-open');
  expect(await findSession(store, script.id)).toMatchObject({ status: 'lost', lastSeq: 1 });
});

test('a database without its migrations stops the recorder with a clear sentence', async () => {
  const bare = await createTestDatabase();
  const other = connectStore({ url: bare.url });
  await other.$executeRaw`delete from _prisma_migrations`;
  await disconnectStore(other);
  const recorder = startRecorderProcess(bare.url, folder.path, 'process-old');
  await once(recorder.process, 'exit');
  expect(recorder.process.exitCode).toBe(1);
  expect(recorder.log.join()).toContain('DS_STORE_SCHEMA_OLD');
  await bare.drop();
});

test('the status server says how recording stands', async () => {
  const recorder = startRecorderProcess(database.url, folder.path, 'process-status');
  const base = `http://127.0.0.1:${await portOf(recorder.log)}`;
  const script = new Script();
  writer.append([script.open(), script.client({ type: 'a' })]);
  await expect.poll(async () => (await findSession(store, script.id))?.lastSeq, { timeout: 10_000 }).toBe(1);
  expect(await (await fetch(`${base}/state`)).json()).toEqual({
    behindMs: 0,
    spoolBytes: expect.any(Number),
    spoolMaxBytes: 4 * 1024 ** 3,
    databaseReachable: true,
  });
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${base}/readyz`)).json()).toMatchObject({ ready: true, parts: { database: 'ok' } });
  const metrics = await (await fetch(`${base}/metrics`)).text();
  expect(metrics).toMatch(/deltascope_recorder_events_total\{[^}]*\} 1\n/);
  expect(metrics).toMatch(/deltascope_recorder_open_sessions\{[^}]*\} 1\n/);
  expect((await fetch(`${base}/else`)).status).toBe(404);
  await recorder.end();
  expect(recorder.process.exitCode).toBe(0);
});

async function portOf(log: readonly string[]): Promise<number> {
  const read = () => log.map((line) => (JSON.parse(line) as { port?: number }).port).find((port) => port !== undefined);
  await expect.poll(read, { timeout: 10_000 }).toBeDefined();
  return read() ?? 0;
}
