import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import { childEnv } from '#lib/config/env.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import type { SpoolWriter } from '#lib/spool/writer.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { migrateStore } from '#lib/store/migrate.ts';
import { startAlerterProcess } from '#tests/support/alerter.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { Receiver } from '#tests/support/receiver.ts';
import { startReceiver } from '#tests/support/receiver.ts';
import { seedAlertRule, seedChannel } from '#tests/support/seed-alerts.ts';
import { CAPTURE, makeMessage } from '#tests/support/spool-records.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import { startEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { outlastOutage } from './outage.ts';

/**
 * `npm run bench:alerts`: from the message that proves a missing delta, appended to the spool, until a local webhook receiver has the alert:
 * recorder, rules, alert rules, incident, job and request, each process as it is, PostgreSQL with fsync on. Beside it the yardstick: a bare
 * POST to the same receiver. `--runs N` (default 50); `--outage` instead lets the receiver fail for a minute while alerters are killed. The run fails where the p95 is above two seconds, or a message came twice or not.
 */

const WITHIN_MS = 2000;
const runs = Number(flag('--runs') ?? 50);
const folder = mkdtempSync(join(tmpdir(), 'deltascope-bench-alerts-'));
chmodSync(folder, 0o755);
const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
const receiver = await startReceiver();
try {
  await migrateStore(postgres.url);
  const store = connectStore({ url: postgres.url, maxConnections: 1 });
  const { id } = await seedChannel(store, receiver.url);
  await seedAlertRule(store, { channelIds: [id], groupBy: ['session'] });
  if (process.argv.includes('--outage')) {
    say(await outlastOutage(postgres.url, store, receiver));
  } else {
    await bench();
  }
  await disconnectStore(store);
} finally {
  await receiver.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const bare = await measureBare();
  const ms = await measureAlerts();
  say(
    `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), PostgreSQL with fsync on, ${new Date().toISOString()}\n`,
  );
  report('yardstick: bare POST to the receiver', bare);
  report('message → webhook', ms);
  const p95 = quantile(ms, 0.95);
  say(`\n${ms.length} alerts, each once; p95 ${p95.toFixed(0)} ms, ${p95 < WITHIN_MS ? 'within' : 'BEYOND'} ${WITHIN_MS} ms`);
  if (p95 >= WITHIN_MS) process.exitCode = 1;
}

async function measureBare(): Promise<readonly number[]> {
  const ms: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const startedMs = performance.now();
    await fetch(receiver.url, { method: 'POST', body: '{}' });
    ms.push(performance.now() - startedMs);
  }
  return ms;
}

/** Plays calls whose audio is closed without a delta, one after the other, and waits for what the receiver got. */
async function measureAlerts(): Promise<readonly number[]> {
  const spool = join(folder, 'spool');
  mkdirSync(spool);
  const writer = openSpoolWriter({ folder: spool, segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3 });
  const recorder = startRecorderProcess(spool);
  const alerter = await startAlerterProcess(postgres.url, { DELTASCOPE_LOG_LEVEL: 'info', DELTASCOPE_ALERT_TICK_MS: '5000' });
  const sentMs = new Map<string, number>();
  const before = receiver.requests.length;
  try {
    for (let run = 0; run < runs; run += 1) {
      const sessionId = makeSessionId();
      playCall(writer, sessionId, (atMs) => sentMs.set(sessionId, atMs));
      // Spread over the phases of every timer on the way.
      await sleep(200 + ((run * 37) % 100));
    }
    await eventually('all alerts arrive', () => receiver.requests.length - before >= runs, 30_000);
    await sleep(1000);
    return received(receiver, before, sentMs);
  } finally {
    await alerter.stop();
    recorder.kill('SIGTERM');
    await once(recorder, 'exit');
    writer.close();
  }
}

function playCall(writer: SpoolWriter, sessionId: SessionId, onProof: (atMs: number) => void): void {
  const response = { id: `resp_${sessionId.slice(-12)}`, status: 'completed', output: [] };
  const part = { response_id: response.id, item_id: 'item_1', output_index: 0, content_index: 0 };
  const events = [
    { type: 'session.created', session: { id: 'sess_1', model: 'gpt-realtime' } },
    { type: 'response.created', response: { ...response, status: 'in_progress' } },
    { type: 'response.output_audio.done', ...part },
    { type: 'response.done', response },
  ];
  writer.append([{ kind: 'session_open', sessionId, at: now(), capture: CAPTURE }]);
  for (const [index, event] of events.entries()) {
    if (index === events.length - 1) onProof(Date.now());
    writer.append([toMessage(sessionId, index + 1, event)]);
  }
}

function toMessage(sessionId: SessionId, seq: number, event: object): SpoolRecord {
  const message = makeMessage(sessionId, seq, JSON.stringify({ event_id: `event_${seq}`, ...event }));
  return { ...message, at: now(), direction: 'server_to_client' };
}

/** How long each took. @throws where one came twice, or is of no call */
function received({ requests }: Receiver, before: number, sentMs: ReadonlyMap<string, number>): readonly number[] {
  const ms = new Map<string, number>();
  for (const { body, atMs } of requests.slice(before)) {
    const { id } = JSON.parse(body).data.session;
    const sent = sentMs.get(id);
    if (sent === undefined || ms.has(id)) throw new Error(`The alert of session ${id} came twice, or is of no call.`);
    ms.set(id, atMs - sent);
  }
  return [...ms.values()];
}

function startRecorderProcess(spool: string): ChildProcess {
  const entry = join(ROOT_FOLDER, 'workers/recorder/main.ts');
  return spawn(process.execPath, [entry, '--spool', spool, '--name', 'bench'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: childEnv({ DATABASE_URL: postgres.url, DELTASCOPE_RECORDER_PORT: '0', DELTASCOPE_LOG_FORMAT: 'json' }),
  });
}

function report(name: string, ms: readonly number[]): void {
  const [p50, p95, most] = [quantile(ms, 0.5), quantile(ms, 0.95), quantile(ms, 1)];
  say(
    `${name.padEnd(38)} p50 ${p50.toFixed(1).padStart(7)} ms   p95 ${p95.toFixed(1).padStart(7)} ms   max ${most.toFixed(1).padStart(7)} ms`,
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function now(): WallMicros {
  return (Date.now() * 1000) as WallMicros;
}

function flag(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
