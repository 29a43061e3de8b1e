import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import type { StoredEvent } from '#lib/store/read-event.ts';
import { readStoredEvents } from '#lib/store/read-event.ts';
import { runClient } from '#tests/support/clients.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import type { TestTap } from '#tests/support/tap.ts';
import { startTestTap } from '#tests/support/tap.ts';
import type { Recorder } from '#workers/recorder/start-recorder.ts';
import { startRecorder } from '#workers/recorder/start-recorder.ts';
import type { LocalCertificate } from '#workers/shared/local-ca.ts';
import { ensureLocalCertificate } from '#workers/shared/local-ca.ts';
import { makeLogger } from '#workers/shared/logger.ts';
import { DIALECTS } from '#workers/simulator/dialect.ts';
import type { MessageRecord } from '#workers/simulator/message-record.ts';
import { playScenario } from '#workers/simulator/play.ts';
import { listScenarios, readScenario } from '#workers/simulator/scenario.ts';
import type { Simulator } from '#workers/simulator/start-simulator.ts';
import { startSimulator } from '#workers/simulator/start-simulator.ts';

const PACE = 0.1;
const folder = mkdtempSync(join(tmpdir(), 'clients-through-tap-'));

let simulator: Simulator;
let certificate: LocalCertificate;
let tap: TestTap;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
let recorder: Recorder;
let sql: pg.Pool;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, pace: PACE, keepHashes: true });
  certificate = await ensureLocalCertificate({ folder });
  const url = `http://127.0.0.1:${simulator.port}`;
  tap = await startTestTap({
    tls: { port: 0, ...certificate },
    upstreams: {
      openai: { kind: 'openai', url },
      myres: { kind: 'azure-openai', url },
      simulator: { kind: 'simulator', url },
    },
  });
  database = await createTestDatabase();
  store = connectStore({ url: database.url });
  sql = new pg.Pool({ connectionString: database.url, max: 4 });
  const log = makeLogger({ worker: 'recorder', level: 'warn' });
  recorder = startRecorder({
    store,
    log,
    spool: 'clients',
    folder: tap.folder,
    limits: { rows: 2000, bytes: 8 * 1024 ** 2, ms: 25 },
  });
});

afterAll(async () => {
  await recorder.stop();
  await tap.drop();
  await simulator.close();
  await disconnectStore(store);
  await sql.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** Hashes of a stored session's messages, by direction in order of `seq`, once the store says that it has ended. */
async function readStored(providerSession: string): Promise<MessageRecord> {
  const deadline = Date.now() + 40_000;
  for (;;) {
    const { rows } = await sql.query('select id, status from session where provider_session_id = $1', [providerSession]);
    if (rows[0]?.status === 'ended') return readHashes(rows[0].id);
    if (Date.now() > deadline) throw new Error(`${providerSession} is not stored as ended: ${JSON.stringify(rows)}`);
    await sleep(50);
  }
}

async function readHashes(id: string): Promise<MessageRecord> {
  const events = await readAllEvents(id as SessionId);
  expect(events.map(({ row }) => row.seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter((event) => !event.isIntact)).toEqual([]);
  const hashesOf = (direction: string) => events.filter(({ row }) => row.direction === direction).map(({ sha256 }) => sha256);
  return { clientToServer: hashesOf('client_to_server'), serverToClient: hashesOf('server_to_client') };
}

async function readAllEvents(sessionId: SessionId): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const page = await readStoredEvents(store, { sessionId, after: events.length, limit: 200 });
    if (page.length === 0) return events;
    events.push(...page);
  }
}

function seenByProvider(providerSession: string): MessageRecord | undefined {
  return simulator.connections.find((one) => one.id === providerSession)?.messages;
}

describe('real SDKs through the tap', () => {
  it.concurrent.each([
    ['openai, with only baseURL and NODE_EXTRA_CA_CERTS changed', 'openai', () => [`https://localhost:${tap.tlsPort}/v1`]],
    ['openai’s Azure client', 'openai', () => [`https://localhost:${tap.tlsPort}/azure/myres/openai`, 'azure']],
    ['agents-realtime, with only the URL changed', 'agents', () => [tap.url('/v1/realtime?model=gpt-realtime')]],
  ] as const)('%s: both ends saw the same messages and the store holds them', async (_title, kind, args) => {
    const report = await runClient(kind, args(), certificate.caFile);
    expect(report.types).not.toContain('error');
    expect(report.types).toContain('response.function_call_arguments.done');
    expect(report.types).toContain('input_audio_buffer.speech_stopped');
    expect(report.messages.serverToClient.length).toBeGreaterThan(50);
    expect(seenByProvider(report.sessionId)).toEqual(report.messages);
    expect(await readStored(report.sessionId)).toEqual(report.messages);
  });
});

describe('scenarios through the tap', () => {
  const GA = '/up/simulator/v1/realtime?model=gpt-realtime';
  const PREVIEW = '/azure/simulator/openai/realtime?api-version=2025-04-01-preview&deployment=voice';
  const inEveryDialect = listScenarios().filter((name) => readScenario(name).dialects.length === DIALECTS.length);
  const cases = inEveryDialect.flatMap((name) => [[name, 'ga', GA] as const, [name, 'azure-preview', PREVIEW] as const]);

  it.concurrent.each(cases)('%s in %s: both ends saw the same messages and the store holds them', async (name, dialect, path) => {
    const headers = { 'x-simulator-scenario': name, 'x-deltascope-tags': `scenario=${name}` };
    const call = await playScenario({ scenario: readScenario(name), dialect, url: tap.url(path), headers, pace: PACE });
    expect(call.closeCode).toBe(1000);
    const id = String(call.providerSession);
    expect(seenByProvider(id)).toEqual(call.messages);
    expect(await readStored(id)).toEqual(call.messages);
    const { rows } = await sql.query('select tags from session where provider_session_id = $1', [id]);
    expect(rows[0].tags).toEqual({ scenario: name });
    const provider = simulator.connections.find((one) => one.id === id);
    expect(provider?.closed).toMatchObject({ code: 1000, reason: 'The caller hung up.' });
    expect(provider?.url).toBe(path.replace(/^\/(up|azure)\/simulator/, ''));
    expect(Object.keys(provider?.headers ?? {}).filter((header) => header.startsWith('x-deltascope'))).toEqual([]);
  });
});
