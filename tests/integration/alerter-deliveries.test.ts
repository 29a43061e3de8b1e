import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listDeliveries } from '#lib/store/list-deliveries.ts';
import { listIncidents } from '#lib/store/list-incidents.ts';
import type { AlerterProcess } from '#tests/support/alerter.ts';
import { startAlerterProcess } from '#tests/support/alerter.ts';
import { startCuttingProxy } from '#tests/support/cutting-proxy.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { Receiver } from '#tests/support/receiver.ts';
import { startReceiver } from '#tests/support/receiver.ts';
import { ANY_ANOMALY, CANCELLED_SHARE, seedAlertRule, seedAnomaly, seedChannel } from '#tests/support/seed-alerts.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

const database = makeTestStore();

let receiver: Receiver;
let alerter: AlerterProcess;
/** A second one, where a test has it. */
let other: AlerterProcess | null = null;

beforeEach(async () => {
  await database.seed.query('truncate alert_rule, channel, incident, delivery, alert_inbox');
  receiver = await startReceiver();
});

afterEach(async () => {
  await Promise.all([alerter?.stop(), other?.stop()]);
  other = null;
  await receiver.close();
});

const deliveries = () => listDeliveries(database.store, { limit: 100 });
const incidents = () => listIncidents(database.store, { limit: 100 });
const types = () => receiver.requests.map(({ body }) => JSON.parse(body).type);
const webhookIds = () => receiver.requests.map(({ headers }) => headers['webhook-id']);

test('an anomaly reaches a webhook once, signed, with links to the incident and to the moment', async () => {
  const channel = await seedChannel(database.store, `${receiver.url}/hook?token=s3cret`);
  await seedAlertRule(database.store, { channelIds: [channel.id] });
  alerter = await startAlerterProcess(database.url);
  const session = await database.seed.session();
  await seedAnomaly(database.seed, session);
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

test('while a receiver fails, the same message is tried again later and later, and then taken once', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  receiver.answer(503);
  await seedAnomaly(database.seed, await database.seed.session());
  const attempts = async () => (await deliveries())[0]?.attempts.length;
  await eventually('an attempt', async () => (await attempts()) === 1);
  receiver.answer(0);
  await eventually('a second attempt', async () => (await attempts()) === 2, 15_000);
  receiver.answer(200);
  await eventually('it is taken', async () => (await deliveries())[0]?.state === 'delivered', 40_000);
  expect(new Set(webhookIds()).size).toBe(1);
  expect(new Set(receiver.requests.map(({ body }) => body)).size).toBe(1);
  const waits = receiver.requests.slice(1).map(({ atMs }, index) => atMs - (receiver.requests[index]?.atMs ?? 0));
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  const [delivery] = await deliveries();
  expect(delivery?.attempts.map(({ status, error }) => [status, error])).toEqual([
    [503, 'The receiver answered 503.'],
    [null, 'The receiver could not be reached (ECONNRESET).'],
    [200, null],
  ]);
}, 90_000);

test('a killed alerter loses no message: the next one sends it under the same id', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  receiver.delay(60_000);
  for (let kill = 0; kill < 2; kill += 1) {
    alerter = await startAlerterProcess(database.url);
    if (kill === 0) await seedAnomaly(database.seed, await database.seed.session());
    await eventually('the request is under way', () => receiver.requests.length === kill + 1, 20_000);
    await alerter.stop('SIGKILL');
  }
  // Found while nobody watches.
  await seedAnomaly(database.seed, await database.seed.session());
  receiver.delay(0);
  alerter = await startAlerterProcess(database.url);
  await eventually(
    'both arrive',
    async () => (await deliveries()).every(({ state }) => state === 'delivered') && (await deliveries()).length === 2,
    20_000,
  );
  expect(receiver.requests).toHaveLength(4);
  expect(new Set(webhookIds()).size).toBe(2);
  expect(await incidents()).toHaveLength(2);
});

test.each([
  ['that has arrived', 204, 'complete_job', 1],
  ['to be tried again', 503, 'fail_job', 2],
])(
  'an alerter that loses its database while it writes of a message %s ends, and the next one goes on',
  async (_what, status, mark, requests) => {
    const { id } = await seedChannel(database.store, receiver.url);
    await seedAlertRule(database.store, { channelIds: [id] });
    const proxy = await startCuttingProxy(database.url, mark);
    receiver.answer(status);
    alerter = await startAlerterProcess(proxy.url);
    const ended = once(alerter.process, 'exit');
    proxy.loseNextCommit();
    await seedAnomaly(database.seed, await database.seed.session());
    expect(await ended).toEqual([1, null]);
    expect(proxy.lost).toBe(1);
    await proxy.close();
    receiver.answer(204);
    alerter = await startAlerterProcess(database.url);
    await eventually('it has arrived', async () => (await deliveries())[0]?.state === 'delivered', 20_000);
    await seedAnomaly(database.seed, await database.seed.session());
    await eventually('the next arrives', () => new Set(webhookIds()).size === 2);
    expect(receiver.requests).toHaveLength(requests + 1);
  },
);

test('two alerters send each message once', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  [alerter, other] = await Promise.all([startAlerterProcess(database.url), startAlerterProcess(database.url)]);
  for (let count = 0; count < 20; count += 1) await seedAnomaly(database.seed, await database.seed.session());
  await eventually('all arrive', () => receiver.requests.length >= 20);
  await sleep(1500);
  expect(receiver.requests).toHaveLength(20);
  expect(new Set(webhookIds()).size).toBe(20);
});

test('the same finding in many sessions is one incident, and one message', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id], groupBy: ['finding'] });
  alerter = await startAlerterProcess(database.url);
  for (let count = 0; count < 5; count += 1)
    await seedAnomaly(database.seed, await database.seed.session(), { severity: 'high' });
  await eventually('all are counted', async () => (await incidents())[0]?.occurrences === 5);
  expect(await incidents()).toHaveLength(1);
  expect((await incidents())[0]?.sights).toHaveLength(5);
  await eventually('it is told', () => types().length === 1);
  await seedAnomaly(database.seed, await database.seed.session(), { severity: 'critical' });
  await eventually('that it got worse is told', () => types().length === 2);
  expect(types()).toEqual(['incident.opened', 'incident.escalated']);
});

test('a replay of a session raises nothing twice, and an import raises nothing', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  const session = await database.seed.session();
  for (let replay = 0; replay < 3; replay += 1) await seedAnomaly(database.seed, session, { id: 'missing-delta.1.abc' });
  const imported = await database.seed.session();
  await database.seed.query(`update session set capture_mode = 'import', source_file = 'calls.jsonl' where id = $1`, [imported]);
  await seedAnomaly(database.seed, imported);
  await eventually('all are looked at', async () => (await database.seed.query('select from alert_inbox')).rowCount === 0);
  await eventually('the one is told', () => types().length === 1);
  expect(await incidents()).toMatchObject([{ occurrences: 1, sights: [{ sessionId: session }] }]);
});

test('an incident that goes on is told again, and when it is quiet, that it is over', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id], renotifyMs: 1000, quietMs: 2000 });
  alerter = await startAlerterProcess(database.url);
  const session = await database.seed.session();
  await seedAnomaly(database.seed, session);
  await eventually('it is told', () => types().length === 1);
  await sleep(500);
  await seedAnomaly(database.seed, session);
  await eventually('it is told again', () => types().length === 2);
  await eventually('its end is told', () => types().length === 3);
  expect(types()).toEqual(['incident.opened', 'incident.renotified', 'incident.resolved']);
  expect(await incidents()).toMatchObject([{ state: 'resolved', resolvedBy: 'quiet', occurrences: 2 }]);
  await seedAnomaly(database.seed, session);
  await eventually('a new one opens', () => types().length === 4);
  expect(await incidents()).toHaveLength(2);
});

test('a share of responses opens an incident, and imports and old ones do not count', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id], condition: CANCELLED_SHARE, groupBy: ['provider'] });
  await seedAlertRule(database.store, {
    channelIds: [id],
    name: 'Deltas',
    condition: { ...CANCELLED_SHARE, of: 'missing-delta', above: 0.2 },
    groupBy: [],
  });
  const end = (session: string, name: string, status: string, age = '1 second') =>
    database.seed.query(
      `insert into response (session_id, id, ordinal, first_seq, last_seq, status, reason, done_at, done_seq, audio_deltas, audio_ms, modalities, item_ids)
       values ($1, $2, 1, 1, 9, $3, 'turn_detected', now() - $4::interval, 9, 0, 0, '{}', '{}')`,
      [session, name, status, age],
    );
  const session = await database.seed.session();
  await database.seed.query('update session set last_event_at = now() where id = $1', [session]);
  for (const name of ['a', 'b', 'c']) await end(session, name, 'cancelled');
  await end(session, 'd', 'completed');
  for (const name of ['e', 'f', 'g']) await end(session, name, 'completed', '1 hour');
  await seedAnomaly(database.seed, session, { responseId: 'd', severity: 'medium' });
  await seedAnomaly(database.seed, session, { responseId: 'c', severity: 'info' });
  alerter = await startAlerterProcess(database.url);
  await eventually('both are told', () => types().length === 2);
  expect((await incidents()).toSorted((a, b) => a.title.localeCompare(b.title))).toMatchObject([
    { title: '25 % responses without their deltas', sights: [{ sessionId: session, seq: 9 }] },
    {
      title: '75 % cancelled responses',
      group: { provider: 'openai' },
      occurrences: 3,
      detail: expect.stringContaining('3 of 4'),
    },
  ]);
  await sleep(1000);
  expect(types()).toHaveLength(2);
});

test('Slack is sent what Slack reads, unsigned', async () => {
  const { id } = await seedChannel(database.store, receiver.url, 'slack');
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('the receiver has it', () => receiver.requests.length === 1);
  const [request] = receiver.requests;
  expect(JSON.parse(request?.body ?? '')).toMatchObject({
    text: expect.stringContaining('No audio deltas'),
    blocks: expect.any(Array),
  });
  expect(request?.headers['webhook-signature']).toBeUndefined();
});

test('a redirect is not followed', async () => {
  const elsewhere = await startReceiver();
  receiver.answer(307, { location: elsewhere.url });
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('a second attempt', () => receiver.requests.length === 2, 15_000);
  expect(elsewhere.requests).toHaveLength(0);
  expect((await deliveries())[0]?.attempts[0]).toMatchObject({ status: 307, error: 'The receiver answered 307.' });
  await elsewhere.close();
});

test.each(['', 'localhost'])('a private address is refused and not tried again (%s)', async (name) => {
  const url = name === '' ? receiver.url : receiver.url.replace('127.0.0.1', name);
  const { id } = await seedChannel(database.store, `${url}/secret-path`);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url, { DELTASCOPE_ALERT_ALLOW_PRIVATE: '0' });
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('it is refused', async () => (await deliveries())[0]?.state === 'failed');
  expect((await deliveries())[0]?.attempts).toMatchObject([
    { status: null, error: expect.stringContaining('DS_ALERTS_ADDRESS_REFUSED') },
  ]);
  expect(receiver.requests).toHaveLength(0);
  expect(alerter.output()).not.toContain('secret-path');
});

test('a rule that is off, or for others, opens nothing; turning one off ends what it opened', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id], isEnabled: false });
  await seedAlertRule(database.store, {
    channelIds: [id],
    condition: { ...ANY_ANOMALY, where: { provider: 'xai', model: null, tags: {} } },
  });
  const last = await seedAlertRule(database.store, {
    channelIds: [id],
    condition: { ...ANY_ANOMALY, where: { provider: null, model: 'gpt-real*', tags: { env: 'prod' } } },
  });
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('one is told', () => types().length === 1);
  expect(await incidents()).toMatchObject([{ ruleId: last, state: 'open' }]);
  await database.seed.query('update alert_rule set is_enabled = false where id = $1', [last]);
  await eventually('it is over', async () => (await incidents())[0]?.resolvedBy === 'rule');
});
