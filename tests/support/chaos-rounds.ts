import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '#lib/store/connect.ts';
import type { Acknowledged, Load, StoredSums } from './chaos.ts';
import { demandExactlyOnce, startLoad, startRecorderProcess, waitForStatus, waitUntilStored } from './chaos.ts';
import { seededRandom } from './hostile.ts';

/** One kind of trouble, some rounds of it. */
export interface ChaosOptions {
  readonly store: Store;
  readonly url: string;
  /** Folder of the spool; must not exist yet. */
  readonly folder: string;
  /** Name of the spool: unique in its database. */
  readonly name: string;
  readonly seed: number;
  readonly rounds: number;
  /** Told a line per run. */
  readonly say: (line: string) => void;
}

const LOAD = { sessions: 5, perSecond: 1500 };

/** Kills the recorder `rounds` times while messages keep coming. */
export async function killRecorders(options: ChaosOptions): Promise<StoredSums> {
  const { store, url, folder, name, seed, rounds, say } = options;
  const random = seededRandom(seed);
  const load = await startLoad({ folder, ...LOAD });
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const recorder = startRecorderProcess(url, folder, name);
    if (random() < 0.7) await cursorMoves(store, name);
    const wait = Math.floor(random() * 400);
    waits.push(wait);
    await sleep(wait);
    await recorder.kill();
  }
  const recorder = startRecorderProcess(url, folder, name);
  const { sent } = await load.end();
  const sums = await settle(options, [load]);
  await recorder.end();
  say(
    `recorder killed ${rounds} times (seed ${seed}, after ${list(waits)} ms): ${sent} acknowledged, ${sums.events} stored once, ${sums.lost} lost`,
  );
  assert.equal(sums.events, sent);
  return sums;
}

/** Kills the writer `rounds` times; the sessions that it had open are lost, and nothing that it acknowledged is. */
export async function killWriters(options: ChaosOptions): Promise<StoredSums> {
  const { store, url, folder, name, seed, rounds, say } = options;
  const random = seededRandom(seed);
  const recorder = startRecorderProcess(url, folder, name);
  const killed: Load[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const load = await startLoad({ folder, ...LOAD });
    await sleep(Math.floor(random() * 500));
    await load.kill();
    killed.push(load);
  }
  const last = await startLoad({ folder, ...LOAD });
  await last.end();
  const sums = await settle(options, [...killed, last]);
  for (const load of killed) await waitForStatus(store, [...load.acknowledged.keys()], 'lost');
  await waitForStatus(store, [...last.acknowledged.keys()], 'ended');
  await recorder.end();
  const acked = [...killed, last].reduce((sum, load) => sum + totalOf(load.acknowledged), 0);
  say(
    `writer killed ${rounds} times (seed ${seed}): ${acked} acknowledged, ${sums.events} stored once, ${killed.length * LOAD.sessions} sessions closed as lost`,
  );
  assert(sums.events >= acked);
  return sums;
}

/** Runs two recorders on one spool: one is fenced and ends with an error; the other loses and doubles nothing. */
export async function raceRecorders(options: ChaosOptions): Promise<StoredSums> {
  const { url, folder, name, rounds, say } = options;
  const load = await startLoad({ folder, ...LOAD });
  let standing = startRecorderProcess(url, folder, name);
  for (let round = 0; round < rounds; round += 1) {
    const rival = startRecorderProcess(url, folder, name);
    const fenced = await Promise.race([standing, rival].map(async (recorder) => [recorder, await recorder.exitCode] as const));
    assert.equal(fenced[1], 1);
    assert(
      fenced[0].log.some((line) => line.includes('DS_RECORDER_FENCED')),
      'the fenced recorder says why it ends',
    );
    standing = fenced[0] === standing ? rival : standing;
  }
  const { sent } = await load.end();
  const sums = await settle(options, [load]);
  await standing.end();
  say(`two recorders at once, ${rounds} times: one fenced each time; ${sent} acknowledged, ${sums.events} stored once`);
  assert.equal(sums.events, sent);
  return sums;
}

/** Wipes the spool under a database that knows it; what was not recorded is shown as lost, the rest goes on. */
export async function wipeSpools(options: ChaosOptions): Promise<StoredSums> {
  const { store, url, folder, name, seed, rounds, say } = options;
  const random = seededRandom(seed);
  const loads: Load[] = [];
  let recorder = startRecorderProcess(url, folder, name);
  for (let round = 0; round < rounds; round += 1) {
    const load = await startLoad({ folder, ...LOAD });
    await cursorMoves(store, name);
    await sleep(Math.floor(random() * 300));
    await load.kill();
    await waitUntilStored(store, load.acknowledged);
    await recorder.kill();
    rmSync(folder, { recursive: true });
    recorder = startRecorderProcess(url, folder, name);
    loads.push(load);
  }
  const last = await startLoad({ folder, ...LOAD });
  await last.end();
  loads.push(last);
  const sums = await settle(options, loads);
  await waitForStatus(store, [...last.acknowledged.keys()], 'ended');
  await recorder.end();
  const shown = await store.recordingLoss.count({ where: { spool: name, cause: { in: ['spool_wiped', 'spool_rolled_back'] } } });
  say(`spool wiped ${rounds} times (seed ${seed}): shown ${shown} times, ${sums.events} messages stored once`);
  assert.equal(shown, rounds);
  return sums;
}

/** Fills the spool while nobody records; what it had no room for is counted, the rest is recorded. */
export async function fillSpool(options: ChaosOptions): Promise<StoredSums> {
  const { url, folder, name, say } = options;
  const load = await startLoad({ folder, ...LOAD, maxBytes: 2 * 1024 ** 2 });
  await sleep(5_000);
  const recorder = startRecorderProcess(url, folder, name);
  await sleep(3_000);
  const { sent, lostMessages, audioDropped } = await load.end();
  const sums = await settle(options, [load]);
  await recorder.end();
  say(
    `spool of 2 MB filled: ${sent} sent, ${sums.events} stored once, ${sums.lost} lost and counted, ${audioDropped} without their audio`,
  );
  assert(lostMessages > 0, 'the spool was full');
  assert.deepEqual([sums.events + sums.lost, sums.lost], [sent, lostMessages]);
  return sums;
}

async function settle({ store }: ChaosOptions, loads: readonly Load[]): Promise<StoredSums> {
  const acknowledged: Acknowledged = new Map(loads.flatMap((load) => [...load.acknowledged]));
  await waitUntilStored(store, acknowledged);
  return demandExactlyOnce(store, acknowledged);
}

/** Waits until the recorder has committed something more. */
async function cursorMoves(store: Store, spool: string): Promise<void> {
  const before = await store.spoolCursor.findUnique({ where: { spool } });
  for (let tries = 0; tries < 1000; tries += 1) {
    const now = await store.spoolCursor.findUnique({ where: { spool } });
    if (now !== null && now.updatedAt.getTime() !== before?.updatedAt.getTime()) return;
    await sleep(10);
  }
  assert.fail('the recorder does not record');
}

function totalOf(acknowledged: Acknowledged): number {
  return [...acknowledged.values()].reduce((sum, seq) => sum + seq, 0);
}

function list(numbers: readonly number[]): string {
  return numbers.length <= 10 ? numbers.join(', ') : `${numbers.slice(0, 10).join(', ')}, …`;
}
