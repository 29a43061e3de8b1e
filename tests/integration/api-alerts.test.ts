import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { IncidentNotice } from '#lib/live/contract.ts';
import type { AlerterProcess } from '#tests/support/alerter.ts';
import { startAlerterProcess } from '#tests/support/alerter.ts';
import { connectLive, startDashboardProcess } from '#tests/support/dashboard.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { Received, Receiver } from '#tests/support/receiver.ts';
import { startReceiver } from '#tests/support/receiver.ts';
import { ANY_ANOMALY, CANCELLED_SHARE, seedAnomaly, seedChannel } from '#tests/support/seed-alerts.ts';
import { makeTestDashboard } from '#tests/support/test-dashboard.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

const database = makeTestStore();
const dashboard = makeTestDashboard(database, { DELTASCOPE_ALERT_ALLOW_PRIVATE: '1' });
let receiver: Receiver;
let alerter: AlerterProcess | null = null;

beforeAll(async () => {
  receiver = await startReceiver();
});

afterAll(async () => {
  await alerter?.stop();
  await receiver.close();
});

beforeEach(async () => {
  await database.seed.query('truncate alert_rule, channel, incident, delivery, alert_inbox');
});

const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${dashboard.url}/api/v1/alerts/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text), text };
};
const RULE = {
  name: 'Anything',
  isEnabled: true,
  condition: ANY_ANOMALY,
  groupBy: ['session'],
  channelIds: [],
  renotifyMs: null,
  quietMs: 60_000,
};
const makeChannel = (url = `${receiver.url}/hook/path-token`) =>
  ask('POST', 'channels', { name: 'On call', kind: 'webhook', url });

test('without an alerter a test is refused with what to do', async () => {
  const { body } = await makeChannel();
  const refused = await ask('POST', `channels/${body.channel.id}/test`);
  expect(refused).toMatchObject({ status: 503, body: { error: { code: 'DS_ALERTS_ALERTER_ABSENT' } } });
});

test('of a channel its secret is shown once, and its address never again', async () => {
  const made = await makeChannel();
  expect(made.body).toMatchObject({
    channel: { address: `${receiver.url}/…`, isEnabled: true },
    secret: expect.stringMatching(/^whsec_/),
  });
  const listed = await ask('GET', 'channels');
  expect(listed.body.channels).toEqual([made.body.channel]);
  expect(listed.text).not.toMatch(/whsec_|path-token/);
  const { id } = made.body.channel;
  expect((await ask('PATCH', `channels/${id}`, { isEnabled: false, name: 'Off' })).status).toBe(204);
  expect((await ask('GET', 'channels')).body.channels).toMatchObject([{ isEnabled: false, name: 'Off' }]);
  expect((await ask('DELETE', `channels/${id}`)).status).toBe(204);
  expect((await ask('DELETE', `channels/${id}`)).status).toBe(404);
});

/** Any anomaly, in sessions that match a query. */
const asking = (query: string) => ({ ...ANY_ANOMALY, where: { ...ANY_ANOMALY.where, query } });

test('a query stays as it was written, and says which character is wrong', async () => {
  const { body: rule } = await ask('POST', 'rules', { ...RULE, condition: asking('tool:get_weather "refund policy"') });
  expect(rule.condition.where.query).toBe('tool:get_weather "refund policy"');
  expect((await ask('DELETE', `rules/${rule.id}`)).status).toBe(204);
  const wrong = await ask('POST', 'rules', { ...RULE, condition: asking('tool:x colour:red') });
  expect(wrong.body.error.message).toContain('at character 8: There is no field colour:');
});

test('a rule is made, changed, silenced and deleted', async () => {
  const { body: rule } = await ask('POST', 'rules', RULE);
  expect(rule).toMatchObject({ ...RULE, silencedUntil: null });
  const until = '2126-01-01T00:00:00.000001Z';
  const changed = await ask('PATCH', `rules/${rule.id}`, { condition: CANCELLED_SHARE, silencedUntil: until });
  expect(changed.body).toMatchObject({ name: 'Anything', condition: CANCELLED_SHARE, silencedUntil: until });
  expect((await ask('PATCH', `rules/${rule.id}`, { silencedUntil: null })).body.silencedUntil).toBeNull();
  const nowhere = await ask('PATCH', `rules/${rule.id}`, { channelIds: ['0190a000-0000-4000-8000-000000000001'] });
  expect(nowhere.body.error.message).toContain('There is no channel 0190a000-0000-4000-8000-000000000001.');
  expect((await ask('GET', 'rules')).body.rules).toMatchObject([{ channelIds: [] }]);
  // One that the rule has already may be of a channel that is gone: it is in the way of nothing.
  const gone = '0190a000-0000-4000-8000-000000000002';
  await database.seed.query('update alert_rule set channel_ids = array[$1::uuid]', [gone]);
  expect((await ask('PATCH', `rules/${rule.id}`, { name: 'Mended', channelIds: [gone] })).status).toBe(200);
  expect((await ask('PATCH', `rules/${rule.id}`, { name: 'Mended', channelIds: [] })).status).toBe(200);
  expect((await ask('DELETE', `rules/${rule.id}`)).status).toBe(204);
  expect((await ask('PATCH', `rules/${rule.id}`, {})).status).toBe(404);
});

test('what two people change of one rule at once is all changed, and a rule that one of them deletes stays deleted', async () => {
  const { body: rule } = await ask('POST', 'rules', RULE);
  // Through a connection of its own: within a transaction the list of those that are at work stands still.
  const waiting = () => database.store.$queryRaw<unknown[]>`select 1 from pg_locks where not granted
    and pid in (select pid from pg_stat_activity where datname = current_database())`;
  /** Asks while the row is held, so that both have begun before either can write. */
  const atOnce = async (asks: readonly (() => ReturnType<typeof ask>)[]) => {
    await database.seed.query('begin');
    await database.seed.query('select from alert_rule where id = $1 for update', [rule.id]);
    const answers = asks.map((one) => one());
    await eventually('both wait', async () => (await waiting()).length === asks.length).finally(() =>
      database.seed.query('commit'),
    );
    return (await Promise.all(answers)).map(({ status }) => status);
  };
  const change = (body: object) => () => ask('PATCH', `rules/${rule.id}`, body);
  expect(await atOnce([change({ name: 'Renamed' }), change({ isEnabled: false })])).toEqual([200, 200]);
  expect((await ask('GET', 'rules')).body.rules).toMatchObject([{ name: 'Renamed', isEnabled: false }]);
  const [, deleted] = await atOnce([change({ name: 'Again' }), () => ask('DELETE', `rules/${rule.id}`)]);
  expect(deleted).toBe(204);
  expect((await ask('GET', 'rules')).body.rules).toEqual([]);
});

test.each<readonly [string, string, unknown]>([
  ['a rule without a name', 'rules', { ...RULE, name: ' ' }],
  ['a name with a NUL', 'rules', { ...RULE, name: 'a\u0000b' }],
  ['a share beyond the whole', 'rules', { ...RULE, condition: { ...CANCELLED_SHARE, above: 1.1 } }],
  ['an unknown field', 'rules', { ...RULE, evil: true }],
  ['a query that cannot be read', 'rules', { ...RULE, condition: asking('colour:red') }],
  ['a query with half a character', 'rules', { ...RULE, condition: asking('\ud800') }],
  ['a quiet time of nothing', 'rules', { ...RULE, quietMs: 0 }],
  ['a channel that is no id', 'rules', { ...RULE, channelIds: ['x'] }],
  ['a channel that there is not', 'rules', { ...RULE, channelIds: ['0190a000-0000-4000-8000-000000000001'] }],
  ['an address that is no web address', 'channels', { name: 'x', kind: 'webhook', url: 'file:///etc/passwd' }],
  ['a kind that is none', 'channels', { name: 'x', kind: 'pager', url: 'https://example.org' }],
])('%s is refused', async (_name, path, body) => {
  expect(await ask('POST', path, body)).toMatchObject({ status: 400, body: { error: { code: 'DS_API_INVALID' } } });
});

test('a page of another site changes nothing', async () => {
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const id = '0190a000-0000-4000-8000-000000000001';
  for (const [method, path] of [
    ['POST', 'rules'],
    ['PATCH', `rules/${id}`],
    ['DELETE', `rules/${id}`],
    ['POST', 'channels'],
    ['PATCH', `channels/${id}`],
    ['DELETE', `channels/${id}`],
    ['POST', `channels/${id}/test`],
    ['PATCH', `incidents/${id}`],
  ] as const) {
    expect((await ask(method, path, RULE, foreign)).status, `${method} ${path}`).toBe(403);
  }
  expect((await ask('GET', 'rules')).body.rules).toEqual([]);
});

/** What is not of the public internet, in the ways in which it can be written. */
const PRIVATE = [
  ...['http://127.0.0.1:9/', 'http://[::1]/', 'http://169.254.169.254/latest', 'http://localhost/', 'http://0x7f.1/'],
  ...['http://2130706433/', 'http://017700000001/', 'http://0/', 'http://0.0.0.0/', 'http://[::]/', 'http://127.1/'],
  ...['http://[::ffff:127.0.0.1]/', 'http://[::ffff:a00:1]/', 'http://[::7f00:1]/', 'http://[64:ff9b::a00:1]/'],
  ...['http://[64:ff9b:1::a00:1]/', 'http://[fe80::1]/', 'http://[fd00::1]/', 'http://[2002:7f00:1::]/', 'http://[2001::1]/'],
  ...['http://LOCALHOST./', 'http://a.localhost/', 'http://１２７.０.０.１/', 'http://%31%32%37.0.0.1/', 'http://u:p@127.0.0.1/'],
  ...['http://10.1.2.3/', 'http://172.31.0.1/', 'http://192.168.0.1/', 'http://100.64.0.1/', 'http://255.255.255.255/'],
];

test('a private address is refused where it is not allowed', async () => {
  const strict = await startDashboardProcess({ databaseUrl: database.url });
  const answerTo = async (url: string) => {
    const body = JSON.stringify({ name: 'x', kind: 'webhook', url });
    const response = await fetch(`${strict.url}/api/v1/alerts/channels`, { method: 'POST', body });
    return [url, response.status, (await response.json()).error?.code];
  };
  try {
    for (const url of PRIVATE) expect(await answerTo(url)).toEqual([url, 400, 'DS_ALERTS_ADDRESS_REFUSED']);
  } finally {
    await strict.stop();
  }
}, 90_000);

/** Whether a message is signed by a secret, as the specification of Standard Webhooks has it; of the signatures any may be. */
function isSignedBy(secret: string, { headers, body }: Received): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(signature);
}

test('a new secret signs beside the one before it, and no other', async () => {
  alerter ??= await startAlerterProcess(database.url);
  const before = receiver.requests.length;
  const { channel, secret } = (await makeChannel()).body;
  const secrets: string[] = [secret];
  const signers: boolean[][] = [];
  for (let count = 1; count <= 3; count += 1) {
    await ask('POST', `channels/${channel.id}/test`);
    await eventually('the test arrives', () => receiver.requests.length === before + count);
    const message = receiver.requests.at(-1) as Received;
    signers.push(secrets.map((each) => isSignedBy(each, message)));
    const renewed = await ask('POST', `channels/${channel.id}/secret`);
    expect([renewed.status, renewed.body]).toEqual([200, { secret: expect.stringMatching(/^whsec_/) }]);
    secrets.push(renewed.body.secret);
  }
  expect(signers).toEqual([[true], [true, true], [false, true, true]]);
  expect((await ask('GET', 'channels')).text).not.toContain('whsec_');
  const slack = await ask('POST', 'channels', { name: 'Slack', kind: 'slack', url: receiver.url });
  expect((await ask('POST', `channels/${slack.body.channel.id}/secret`)).status).toBe(404);
}, 60_000);

test('with an alerter: a test is delivered, an incident is told to open pages, silenced, resolved by hand', async () => {
  alerter ??= await startAlerterProcess(database.url);
  const before = receiver.requests.length;
  const { body: made } = await makeChannel();
  const { body: tested } = await ask('POST', `channels/${made.channel.id}/test`);
  await eventually('the test arrives', () => receiver.requests.length === before + 1);
  expect(receiver.requests.at(-1)?.headers['webhook-id']).toBe(`msg_${tested.deliveryId}`);
  await ask('POST', 'rules', { ...RULE, channelIds: [made.channel.id] });
  const page = connectLive(dashboard.url);
  const notices: IncidentNotice[] = [];
  page.on('incident:opened', (notice) => notices.push(notice));
  await eventually('the page is connected', () => page.connected);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('the page is told', () => notices.length === 1);
  await eventually('the receiver is told', () => receiver.requests.length === before + 2);
  const incident = (await ask('GET', 'incidents?state=open')).body.incidents[0];
  expect(incident).toMatchObject({ ...notices[0], state: 'open', occurrences: 1 });
  const until = new Date(Date.now() + 60_000).toISOString();
  const silenced = await ask('PATCH', `incidents/${incident.id}`, { silencedUntil: until });
  expect(silenced.body.timeline.map(({ kind }: { kind: string }) => kind)).toEqual(['opened', 'silenced']);
  await ask('PATCH', `incidents/${incident.id}`, { silencedUntil: null });
  const resolved = await ask('PATCH', `incidents/${incident.id}`, { state: 'resolved' });
  expect(resolved.body).toMatchObject({ state: 'resolved', resolvedBy: 'person' });
  await eventually('its end is told', () => receiver.requests.length === before + 3);
  expect((await ask('PATCH', `incidents/${incident.id}`, { state: 'resolved' })).body).toEqual(resolved.body);
  const { body } = await ask('GET', `deliveries?incident=${incident.id}`);
  expect(body.deliveries.map(({ kind }: { kind: string }) => kind)).toEqual(['resolved', 'opened']);
  expect(notices).toHaveLength(1);
  page.close();
}, 60_000);

/** All rows of a list, page by page of two; `meanwhile` happens between the pages. */
async function readPages<Row>(path: string, list: string, meanwhile: () => Promise<unknown>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await ask('GET', `${path}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    rows.push(...body[list]);
    cursor = body.nextCursor;
    await meanwhile();
  }
  return rows;
}

test('deliveries come page by page, the latest first, each once while more are made', async () => {
  const { id } = await seedChannel(database.store, 'https://example.org');
  const add = (body: string, ageMinutes: number) =>
    database.seed.query(
      `insert into delivery (id, channel_id, kind, state, body, attempts, created_at)
       values (gen_random_uuid(), $1, 'test', $2, '{}', '[]', '2026-11-20T00:00:00Z'::timestamptz - make_interval(mins => $3))`,
      [id, body, ageMinutes],
    );
  // Two of them of the same moment: a page ends between them.
  for (const ageMinutes of [1, 2, 2, 3, 4]) await add('delivered', ageMinutes);
  const rows = await readPages<{ id: string; state: string }>('deliveries', 'deliveries', () => add('pending', 0));
  expect(rows.map(({ state }) => state)).toEqual(Array(5).fill('delivered'));
  expect(new Set(rows.map((row) => row.id)).size).toBe(5);
});

test('incidents come page by page, the latest first', async () => {
  await seedChannel(database.store, 'https://example.org');
  await database.seed.query(
    `insert into incident (id, rule_id, rule_name, fingerprint, group_keys, state, severity, title, detail, occurrences, opened_at, last_seen_at, resolved_at, sights, timeline)
     select gen_random_uuid(), gen_random_uuid(), 'r', n, '{}', 'resolved', 'low', 'number ' || n, 'd', 1, now() - n * interval '1 hour', now(), now(), '[]', '[]'
     from generate_series(1, 5) n`,
  );
  const rows = await readPages<{ title: string }>('incidents', 'incidents', async () => undefined);
  const titles = rows.map(({ title }) => title);
  expect(titles).toEqual([1, 2, 3, 4, 5].map((n) => `number ${n}`));
});
