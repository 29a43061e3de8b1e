import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebSocket as Peer } from 'ws';
import { WebSocket } from 'ws';
import type { SessionId } from '#lib/base/brand.ts';
import type { SessionView } from '#lib/session/view.ts';
import { connectLive } from '#tests/support/dashboard.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { TestTap } from '#tests/support/tap.ts';
import { startTestTap } from '#tests/support/tap.ts';
import { makeTestDashboard } from '#tests/support/test-dashboard.ts';
import { makeTestStore } from '#tests/support/test-store.ts';
import type { FakeUpstream } from '#tests/support/upstream.ts';
import { startUpstream } from '#tests/support/upstream.ts';
import type { Recorder } from '#workers/recorder/start-recorder.ts';
import { startRecorder } from '#workers/recorder/start-recorder.ts';
import { makeLogger } from '#workers/shared/logger.ts';

const database = makeTestStore();
const dashboard = makeTestDashboard(database);
let upstream: FakeUpstream;
let tap: TestTap;
let recorder: Recorder;

beforeAll(async () => {
  upstream = await startUpstream();
  tap = await startTestTap({ upstreams: { openai: { kind: 'openai', url: upstream.url } } });
  const log = makeLogger({ worker: 'recorder', level: 'silent' });
  recorder = startRecorder({
    store: database.store,
    log,
    spool: 'wire',
    folder: tap.folder,
    limits: { rows: 2000, bytes: 8 * 1024 ** 2, ms: 25 },
  });
});

afterAll(async () => {
  await recorder.stop();
  await tap.drop();
  await upstream.close();
});

/** Opens a call through the tap and gives both ends of it. */
async function openCall(): Promise<{ readonly client: WebSocket; readonly provider: Peer }> {
  const accepted = upstream.nextSocket();
  const client = new WebSocket(tap.url('/v1/realtime?model=gpt-realtime'));
  await once(client, 'open');
  return { client, provider: await accepted };
}

const MESSAGES = 200;
const EVERY_MS = 20;

test('a message of the wire is in the browser within a quarter of a second', async () => {
  const browser = connectLive(dashboard.url);
  const seen = new Map<number, number>();
  let id: SessionId | null = null;
  browser.emit('sessions:watch');
  browser.on('sessions:changed', (sessions: readonly SessionView[]) => {
    id ??= sessions[0]?.id ?? null;
  });
  browser.on('session:push', (push, acknowledge) => {
    for (const event of push.events) seen.set(event.seq, performance.now());
    acknowledge();
  });
  const { client, provider } = await openCall();
  provider.send('{"type":"session.created","event_id":"event_0","session":{"type":"realtime","model":"gpt-realtime"}}');
  await eventually('the list shows the call', () => id !== null);
  browser.emit('session:watch', { sessionId: id as unknown as SessionId, afterSeq: 0 });
  await eventually('the page shows the call', () => seen.has(1));
  const sent: number[] = [];
  for (let index = 2; index <= MESSAGES + 1; index += 1) {
    sent.push(performance.now());
    provider.send(
      `{"type":"response.output_text.delta","event_id":"event_${index}","response_id":"resp_1","item_id":"item_1","delta":"word "}`,
    );
    await sleep(EVERY_MS);
  }
  await eventually('everything arrived', () => seen.size === MESSAGES + 1);
  const delays = sent.map((at, index) => (seen.get(index + 2) ?? Number.NaN) - at).sort((one, other) => one - other);
  const [p50 = 0, p95 = 0] = [delays[Math.floor(MESSAGES * 0.5)], delays[Math.floor(MESSAGES * 0.95)]];
  process.stdout.write(`wire → browser: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms\n`);
  expect(seen.size).toBe(MESSAGES + 1);
  client.close(1000);
  browser.disconnect();
});
