import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { childEnv } from '#lib/config/env.ts';
import type { Store } from '#lib/store/connect.ts';
import { startRecorderProcess, waitForStatus } from './chaos.ts';
import type { ChaosOptions } from './chaos-rounds.ts';
import { seededRandom } from './hostile.ts';
import type { FakeUpstream } from './upstream.ts';
import { startUpstream } from './upstream.ts';

const TAP = fileURLToPath(new URL('../../workers/tap/main.ts', import.meta.url));
const CALLS = 5;
const EVERY_MS = 10;

/** What both ends of one call saw, each message by its number and when it arrived (ms). */
interface Call {
  readonly tag: string;
  readonly atServer: number[];
  readonly atClient: number[];
  killedAt: number;
}

export interface TapSums {
  readonly relayed: number;
  readonly stored: number;
  /** Messages that arrived at their end and are not stored. */
  readonly lost: number;
  /** The longest time before a kill at which a message had arrived at its end that is not stored. */
  readonly worstMs: number;
}

/**
 * Kills the tap `rounds` times while calls go through it. What the ends received and the store does not hold must be the last
 * moments before the kill; what is stored of a call is a beginning of it without holes; the call is closed as lost.
 */
export async function killTaps(options: ChaosOptions): Promise<TapSums> {
  const { store, url, folder, name, seed, rounds, say } = options;
  const random = seededRandom(seed);
  const calls = new Map<string, Call>();
  const upstream = await startUpstream({
    onSession: (socket, request) => answerCall(socket, calls.get(tagOf(request.url ?? ''))),
  });
  const recorder = startRecorderProcess(url, folder, name);
  let killed: readonly Call[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const tap = await startTapProcess(folder, name, upstream);
    const begun = Array.from({ length: CALLS }, (_, index) => beginCall(tap.url, `${name}-${round}-${index}`, calls));
    await sleep(300 + Math.floor(random() * 700));
    tap.process.kill('SIGKILL');
    for (const { seen } of begun) seen.killedAt = performance.now();
    for (const call of begun) await call.ended;
    killed = [...killed, ...begun.map((call) => call.seen)];
  }
  const last = await startTapProcess(folder, name, upstream);
  const sums = await compare(store, killed);
  last.process.kill('SIGTERM');
  await once(last.process, 'exit');
  await recorder.end();
  await upstream.close();
  say(
    `tap killed ${rounds} times (seed ${seed}): ${sums.relayed} messages arrived, ${sums.stored} stored, ${sums.lost} lost, all within the last ${sums.worstMs.toFixed(1)} ms`,
  );
  return sums;
}

function answerCall(socket: WebSocket, call: Call | undefined): void {
  let sent = 0;
  socket.on('message', (bytes) => {
    call?.atServer.push(performance.now());
    assert.equal(numberOf(bytes.toString()), call?.atServer.length);
    sent += 1;
    socket.send(JSON.stringify({ type: 'response.output_text.delta', n: sent, delta: 'word '.repeat(20) }));
  });
}

function beginCall(
  tapUrl: string,
  tag: string,
  calls: Map<string, Call>,
): { readonly seen: Call; readonly ended: Promise<unknown> } {
  const seen: Call = { tag, atServer: [], atClient: [], killedAt: 0 };
  calls.set(tag, seen);
  const socket = new WebSocket(`${tapUrl}/up/load/v1/realtime?model=gpt-realtime&call=${tag}&ds_tags=call=${tag}`);
  const ended = once(socket, 'close');
  let sent = 0;
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    sent += 1;
    socket.send(JSON.stringify({ type: 'input_audio_buffer.append', n: sent, audio: 'AAAA'.repeat(50) }));
  }, EVERY_MS);
  socket.on('message', () => seen.atClient.push(performance.now()));
  socket.on('close', () => clearInterval(timer));
  socket.on('error', () => undefined);
  return { seen, ended };
}

/** Compares what arrived with what is stored. */
async function compare(store: Store, calls: readonly Call[]): Promise<TapSums> {
  const sums = { relayed: 0, stored: 0, lost: 0, worstMs: 0 };
  for (const call of calls) {
    const id = await sessionOf(store, call.tag);
    if (id !== null) await waitForStatus(store, [id], 'lost');
    for (const [direction, arrivals] of [
      ['client_to_server', call.atServer],
      ['server_to_client', call.atClient],
    ] as const) {
      const rows =
        id === null ? [] : await store.event.findMany({ where: { sessionId: id, direction }, orderBy: { seq: 'asc' } });
      const numbers = rows.map((row) => numberOf(row.raw ?? ''));
      assert.deepEqual(
        numbers,
        rows.map((_, index) => index + 1),
        `${call.tag}: a beginning of the call, without holes`,
      );
      const firstLost = arrivals[rows.length];
      sums.relayed += arrivals.length;
      sums.stored += rows.length;
      sums.lost += Math.max(0, arrivals.length - rows.length);
      if (firstLost !== undefined) sums.worstMs = Math.max(sums.worstMs, call.killedAt - firstLost);
    }
  }
  return sums;
}

/** The session of a call; waits for it, since the spool is recorded meanwhile. Null where the tap died before its beginning was safe. */
async function sessionOf(store: Store, call: string): Promise<Parameters<typeof waitForStatus>[1][number] | null> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await store.session.findFirst({ where: { tags: { equals: { call } } }, select: { id: true } });
    if (found !== null) return found.id as Parameters<typeof waitForStatus>[1][number];
    await sleep(50);
  }
  return null;
}

async function startTapProcess(
  folder: string,
  name: string,
  upstream: FakeUpstream,
): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [TAP], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnv({
      DELTASCOPE_DATA_DIR: dirname(dirname(folder)),
      DELTASCOPE_SPOOL_NAME: name,
      DELTASCOPE_TAP_PORT: '0',
      DELTASCOPE_TAP_TLS_PORT: '0',
      DELTASCOPE_LOG_FORMAT: 'json',
      DELTASCOPE_UPSTREAMS: JSON.stringify({ load: { kind: 'compatible', url: upstream.url } }),
    }),
  });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const { port } = JSON.parse(line) as { port?: number };
    if (port === undefined) continue;
    child.stdout.resume();
    return { process: child, url: `ws://127.0.0.1:${port}` };
  }
  return assert.fail('the tap ended at once');
}

function tagOf(url: string): string {
  return new URL(url, 'http://localhost').searchParams.get('call') ?? '';
}

function numberOf(message: string): number {
  return Number(/"n":(\d+),/.exec(message)?.[1]);
}
