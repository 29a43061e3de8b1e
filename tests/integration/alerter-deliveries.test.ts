import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { listDeliveries } from '#lib/store/list-deliveries.ts';
import type { AlerterProcess } from '#tests/support/alerter.ts';
import { startAlerterProcess } from '#tests/support/alerter.ts';
import { eventually } from '#tests/support/eventually.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import type { Receiver } from '#tests/support/receiver.ts';
import { startReceiver } from '#tests/support/receiver.ts';
import { seedAlertRule, seedAnomaly, seedChannel } from '#tests/support/seed-alerts.ts';
import type { SeedDatabase } from '#tests/support/seed-session.ts';
import { openSeedDatabase } from '#tests/support/seed-session.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let seed: SeedDatabase;
let store: Store;
let receiver: Receiver;
let alerter: AlerterProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  seed = await openSeedDatabase(database.url);
  store = connectStore({ url: database.url, maxConnections: 2 });
});

afterAll(async () => {
  await disconnectStore(store);
  await seed.close();
  await database.drop();
});

beforeEach(async () => {
  await seed.query('truncate alert_rule, channel, incident, delivery, alert_inbox');
  receiver = await startReceiver();
});

afterEach(async () => {
  await alerter?.stop();
  await receiver.close();
});

const deliveries = () => listDeliveries(store, { limit: 100 });
const webhookIds = () => receiver.requests.map(({ headers }) => headers['webhook-id']);

test('an anomaly reaches a webhook once, signed, with links to the incident and to the moment', async () => {
  const channel = await seedChannel(store, `${receiver.url}/hook?token=s3cret`);
  await seedAlertRule(store, { channelIds: [channel.id] });
  alerter = await startAlerterProcess(database.url);
  const session = await seed.session();
  await seedAnomaly(seed, session);
  await eventually('the receiver has it', () => receiver.requests.length > 0);
  const [request] = receiver.requests;
  const message = new Webhook(channel.secret).verify(request?.body ?? '', request?.headers as Record<string, string>);
  expect(message).toMatchObject({
    type: 'incident.opened',
    data: {
      incident: { state: 'open', severity: 'critical', title: 'No audio deltas', rule: { name: 'Anything bad' }, occurrences: 1 },
      session: { id: session, seq: 7, url: `https://deltascope.example/sessions/${session}?seq=7` },
    },
  });
  await eventually('the delivery is kept', async () => (await deliveries())[0]?.state === 'delivered');
  const [delivery] = await deliveries();
  expect(request?.headers['webhook-id']).toBe(`msg_${delivery?.id}`);
  expect(delivery?.attempts).toMatchObject([{ status: 204, error: null }]);
  await sleep(1500);
  expect(receiver.requests).toHaveLength(1);
  expect(alerter.output()).not.toContain('s3cret');
  expect(alerter.output()).not.toContain(channel.secret);
});
