import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '#lib/store/connect.ts';
import { listDeliveries } from '#lib/store/list-deliveries.ts';
import { startAlerterProcess } from '#tests/support/alerter.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { Receiver } from '#tests/support/receiver.ts';
import { seedAnomaly } from '#tests/support/seed-alerts.ts';
import { openSeedDatabase } from '#tests/support/seed-session.ts';

const AWAY_MS = 60_000;
const LIVES_MS = 9_000;
const ALERTS = 10;
/** The wait that a minute of failures has led to is some 85 seconds at most. */
const ARRIVE_WITHIN_MS = 240_000;

/**
 * The receiver fails for a minute while alerters are killed one after the other; then all messages must arrive, each under one id.
 * @returns a sentence with the counts
 */
export async function outlastOutage(url: string, store: Store, receiver: Receiver): Promise<string> {
  const seed = await openSeedDatabase(url);
  const before = receiver.requests.length;
  receiver.answer(503);
  const until = Date.now() + AWAY_MS;
  let kills = 0;
  for (let alert = 0; alert < ALERTS; alert += 1) await seedAnomaly(seed, await seed.session());
  while (Date.now() < until) {
    const alerter = await startAlerterProcess(url);
    await sleep(LIVES_MS);
    await alerter.stop('SIGKILL');
    kills += 1;
  }
  receiver.answer(204);
  const alerter = await startAlerterProcess(url);
  const isOver = async () => (await listDeliveries(store, { limit: ALERTS })).every(({ state }) => state === 'delivered');
  await eventually('all messages arrive', isOver, ARRIVE_WITHIN_MS);
  await alerter.stop();
  await seed.close();
  const ids = new Set(receiver.requests.slice(before).map(({ headers }) => headers['webhook-id']));
  if (ids.size !== ALERTS) throw new Error(`${ids.size} ids for ${ALERTS} messages.`);
  return `outage of ${AWAY_MS / 1000} s with ${kills} kills: ${ALERTS} messages arrived, ${receiver.requests.length - before} attempts, one id each`;
}
