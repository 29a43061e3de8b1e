import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SessionId } from '#lib/base/brand.ts';
import { childEnv } from '#lib/config/env.ts';
import type { Store } from '#lib/store/connect.ts';

/** Processes to kill under load, and what has to be true afterwards. Used by the crash tests (few rounds) and the soak (many). */

const LOAD = fileURLToPath(new URL('load-process.ts', import.meta.url));
const RECORDER = fileURLToPath(new URL('../../workers/recorder/main.ts', import.meta.url));

/** A test that counts what was lost has one try: a loss that shows now and then is a loss. */
export const CRASH_TEST = { timeout: 180_000, retry: 0 };

/** What a writer said was safe: the last `seq` of each session whose append had returned. */
export type Acknowledged = Map<SessionId, number>;

export interface LoadSums {
  readonly sent: number;
  readonly lostMessages: number;
  readonly audioDropped: number;
}

export interface Load {
  readonly acknowledged: Acknowledged;
  /** Ends it as `kill -9` does; what it had said before still arrives. */
  kill(): Promise<void>;
  /** Lets it close its sessions, and returns its sums. */
  end(): Promise<LoadSums>;
}

export interface LoadOptions {
  readonly folder: string;
  readonly sessions: number;
  readonly perSecond: number;
  readonly maxBytes?: number;
}

const children = new Set<ChildProcess>();

/** Ends whatever a failed run left behind. */
export function killStragglers(): void {
  for (const child of children) child.kill('SIGKILL');
}

function watch(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** Starts a writer under load and waits for its first acknowledgement. */
export async function startLoad({ folder, sessions, perSecond, maxBytes = 1024 ** 3 }: LoadOptions): Promise<Load> {
  const child = spawn(process.execPath, [LOAD, folder, String(sessions), String(perSecond), String(maxBytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  watch(child);
  const acknowledged: Acknowledged = new Map();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  let sums: LoadSums | null = null;
  const lines = createInterface({ input: child.stdout });
  const read = once(lines, 'close');
  lines.on('line', (line) => {
    const said = JSON.parse(line) as { acked?: Record<SessionId, number> } & LoadSums;
    if (said.acked === undefined) sums = said;
    else for (const [id, seq] of Object.entries(said.acked)) acknowledged.set(id as SessionId, seq);
    begin();
  });
  await Promise.race([begun, once(child, 'exit').then(() => assert.fail('the load ended at once'))]);
  return {
    acknowledged,
    kill: async () => {
      child.kill('SIGKILL');
      await read;
    },
    end: async () => {
      child.kill('SIGTERM');
      await read;
      assert(sums !== null, 'the load said its sums');
      return sums;
    },
  };
}

export interface RecorderProcess {
  readonly process: ChildProcess;
  /** What it logged. */
  readonly log: readonly string[];
  /** Its status once it has ended; null where a signal ended it. */
  readonly exitCode: Promise<number | null>;
  kill(): Promise<void>;
  /** Ends it in order. */
  end(): Promise<void>;
}

/** Starts the recorder as `npm start` does, on a folder of the test's. */
export function startRecorderProcess(url: string, folder: string, name: string): RecorderProcess {
  const child = spawn(process.execPath, [RECORDER, '--spool', folder, '--name', name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnv({
      DATABASE_URL: url,
      DELTASCOPE_RECORDER_PORT: '0',
      DELTASCOPE_LOG_FORMAT: 'json',
      DELTASCOPE_SPOOL_NAME: name,
    }),
  });
  watch(child);
  const log: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => log.push(line));
  const exitCode = once(child, 'exit').then(([code]) => code as number | null);
  const stopBy = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exitCode;
  };
  return { process: child, log, exitCode, kill: () => stopBy('SIGKILL'), end: () => stopBy('SIGTERM') };
}

/** Waits until all that was acknowledged is stored. */
export async function waitUntilStored(store: Store, acknowledged: Acknowledged, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const behind = await behindOf(store, acknowledged).catch(() => acknowledged.size);
    if (behind === 0) return;
    assert(
      Date.now() < deadline,
      `${behind} of ${acknowledged.size} sessions are not stored to their acknowledged end after ${withinMs} ms`,
    );
    await sleep(50);
  }
}

async function behindOf(store: Store, acknowledged: Acknowledged): Promise<number> {
  const sessions = await store.session.findMany({
    where: { id: { in: [...acknowledged.keys()] } },
    select: { id: true, lastSeq: true },
  });
  const lastSeq = new Map(sessions.map((session) => [session.id, session.lastSeq]));
  return [...acknowledged].filter(([id, seq]) => (lastSeq.get(id) ?? -1) < seq).length;
}

/** Waits until sessions have a status. */
export async function waitForStatus(
  store: Store,
  ids: readonly SessionId[],
  status: 'ended' | 'lost',
  withinMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const others = await store.session.count({ where: { id: { in: [...ids] }, status: { not: status } } });
    if (others === 0) return;
    assert(Date.now() < deadline, `${others} of ${ids.length} sessions are not ${status} after ${withinMs} ms`);
    await sleep(50);
  }
}

/** What a store holds of some sessions. */
export interface StoredSums {
  readonly sessions: number;
  readonly events: number;
  readonly lost: number;
}

/**
 * Demands that every acknowledged message is stored exactly once, in its place and with its content; that what is missing between
 * them is counted as lost; and that the session's own counts say the same.
 */
export async function demandExactlyOnce(store: Store, acknowledged: Acknowledged): Promise<StoredSums> {
  let events = 0;
  let lost = 0;
  for (const [id, acked] of acknowledged) {
    const stored = await store.event.findMany({
      where: { sessionId: id },
      orderBy: { seq: 'asc' },
      select: { seq: true, raw: true },
    });
    const session = await store.session.findUniqueOrThrow({ where: { id } });
    const missing = await lostSeqs(store, id);
    const all = [...stored.map(({ seq }) => seq), ...missing].sort((a, b) => a - b);
    assert.deepEqual(
      all,
      Array.from({ length: session.lastSeq }, (_, index) => index + 1),
      `session ${id}: every message is stored or counted as lost, once`,
    );
    assert(session.lastSeq >= acked, `session ${id}: ${session.lastSeq} of ${acked} acknowledged messages`);
    for (const { seq, raw } of stored)
      assert(raw?.includes(`"n":${seq},`), `session ${id}: message ${seq} holds its own content`);
    const counts = session.counts as { events: number; lost: number };
    assert.deepEqual([counts.events, counts.lost], [stored.length, missing.length], `session ${id}: its counts`);
    events += stored.length;
    lost += missing.length;
  }
  return { sessions: acknowledged.size, events, lost };
}

async function lostSeqs(store: Store, id: SessionId): Promise<readonly number[]> {
  const losses = await store.recordingLoss.findMany({ where: { sessionId: id } });
  return losses.flatMap(({ fromSeq, toSeq }) =>
    fromSeq === null || toSeq === null ? [] : Array.from({ length: toSeq - fromSeq + 1 }, (_, index) => fromSeq + index),
  );
}
