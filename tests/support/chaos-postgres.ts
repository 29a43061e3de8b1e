import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredSums } from './chaos.ts';
import { demandExactlyOnce, startLoad, startRecorderProcess, waitUntilStored } from './chaos.ts';
import type { ChaosOptions } from './chaos-rounds.ts';
import type { StoppablePostgres } from './stoppable-postgres.ts';

/** Stops the database under load, `rounds` times for `awayMs`, by turns in order and by `kill -9`; the spool holds meanwhile. */
export async function stopPostgres(
  options: ChaosOptions & { readonly server: StoppablePostgres; readonly awayMs: number },
): Promise<StoredSums> {
  const { store, url, folder, name, rounds, server, awayMs, say } = options;
  const load = await startLoad({ folder, sessions: 5, perSecond: 1000 });
  const recorder = startRecorderProcess(url, folder, name);
  for (let round = 0; round < rounds; round += 1) {
    await waitUntilStored(store, new Map(load.acknowledged));
    await server.stop(round % 2 === 0 ? 'fast' : 'kill');
    await sleep(awayMs);
    assert.equal(recorder.process.exitCode, null, 'the recorder waits for the database');
    await server.start();
  }
  const { sent } = await load.end();
  await waitUntilStored(store, load.acknowledged);
  const sums = await demandExactlyOnce(store, load.acknowledged);
  await recorder.end();
  say(
    `database stopped ${rounds} times for ${awayMs / 1000} s: ${sent} acknowledged, ${sums.events} stored once, ${sums.lost} lost`,
  );
  assert.deepEqual([sums.events, sums.lost], [sent, 0]);
  return sums;
}
