import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { childEnv } from '#lib/config/env.ts';
import { holdPresence, PRESENCE_SPACE } from '#lib/store/hold-presence.ts';
import { listAnomalies } from '#lib/store/list-anomalies.ts';
import { listChannels } from '#lib/store/list-channels.ts';
import { listDeliveries } from '#lib/store/list-deliveries.ts';
import { listIncidents } from '#lib/store/list-incidents.ts';
import { readResponseTallies } from '#lib/store/read-response-tallies.ts';
import { replaceAnomalies } from '#lib/store/replace-anomalies.ts';
import { setAnomalyGroupState } from '#lib/store/set-anomaly-group-state.ts';
import { setAnomalyState } from '#lib/store/set-anomaly-state.ts';
import { deleteAlertRule } from '#lib/store/write-alert-rule.ts';
import { deleteChannel, updateChannel } from '#lib/store/write-channel.ts';
import type { AlerterProcess } from '#tests/support/alerter.ts';
import { startAlerterProcess } from '#tests/support/alerter.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { Receiver } from '#tests/support/receiver.ts';
import { startReceiver } from '#tests/support/receiver.ts';
import { ANY_ANOMALY, CANCELLED_SHARE, seedAlertRule, seedAnomaly, seedChannel } from '#tests/support/seed-alerts.ts';
import { makeTempFolder } from '#tests/support/temp-folder.ts';
import { makeTestStore } from '#tests/support/test-store.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';

/** What alerts do at the edges: receivers that misbehave, channels that change under way, findings that are no news. */

const database = makeTestStore();
let receiver: Receiver;
let alerter: AlerterProcess;
let odd: Server | null = null;

beforeEach(async () => {
  await database.seed.query('truncate alert_rule, channel, incident, delivery, alert_inbox, anomaly_decision');
  receiver = await startReceiver();
});

afterEach(async () => {
  await alerter?.stop();
  await receiver.close();
  odd?.closeAllConnections();
  odd?.close();
  odd = null;
});

const deliveries = () => listDeliveries(database.store, { limit: 100 });
const incidents = () => listIncidents(database.store, { limit: 100 });
const types = () => receiver.requests.map(({ body }) => JSON.parse(body).type);
const isLookedAt = async () => (await database.seed.query('select from alert_inbox')).rowCount === 0;

/** A receiver of a test's own; gives its address. */
async function startOdd(listener: RequestListener): Promise<string> {
  odd = createServer(listener).listen(0, '127.0.0.1');
  await once(odd, 'listening');
  return `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
}

test('the signature is the one that Standard Webhooks describes, byte for byte, and nothing warns', async () => {
  const { id, secret } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('it is told', () => receiver.requests.length === 1);
  const { headers, body = '' } = receiver.requests[0] ?? {};
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${headers?.['webhook-id']}.${headers?.['webhook-timestamp']}.${body}`;
  expect(headers?.['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  expect(headers?.['webhook-timestamp']).toMatch(/^\d{10}$/);
  expect(alerter.output()).not.toContain('Warning');
});

test('a receiver that is gone for good is left alone: its channel is turned off', async () => {
  receiver.answer(410);
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('it is given up', async () => (await deliveries())[0]?.state === 'failed');
  expect(await deliveries()).toMatchObject([{ attempts: [{ status: 410, error: 'The receiver answered 410.' }] }]);
  expect(await listChannels(database.store)).toMatchObject([{ id, isEnabled: false }]);
  const warning =
    alerter
      .output()
      .split('\n')
      .find((line) => line.includes('turned off')) ?? '{}';
  expect(JSON.parse(warning)).toMatchObject({ level: 40, channel: id });
});

test('an import of our own export tells of the past, whatever captured it', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  const original = await database.seed.session({ status: 'ended' });
  const raw = JSON.stringify({ type: 'response.done', response: { id: 'resp_1', status: 'failed' } });
  await database.seed.event(original, 1, { raw, payload: Buffer.from(raw) });
  const folder = makeTempFolder('alerter');
  const file = join(folder, 'export.jsonl');
  for (const args of [
    ['export', original, '--out', file],
    ['import', file],
  ]) {
    const env = childEnv({ DATABASE_URL: database.url, DELTASCOPE_DATA_DIR: folder });
    expect(spawnSync(process.execPath, [join(ROOT_FOLDER, 'workers/cli/main.ts'), ...args], { env }).status).toBe(0);
  }
  rmSync(folder, { recursive: true });
  const { rows } = await database.seed.query(`select id, capture_mode from session where source_file = 'export.jsonl'`);
  expect(rows).toMatchObject([{ capture_mode: 'relay' }]);
  expect(await listAnomalies(database.store, rows[0].id)).toMatchObject([{ ruleId: 'failed-response' }]);
  await eventually('all are looked at', isLookedAt);
  expect(await incidents()).toEqual([]);
  expect(await readResponseTallies(database.store, { ...CANCELLED_SHARE, of: 'failed' }, 0 as WallMicros)).toEqual([]);
});

test.each([
  ['in seconds', () => '4'],
  ['as a date', () => new Date(Date.now() + 5000).toUTCString()],
])('a receiver that asks to be left alone for a while (%s) is', async (_form, retryAfter) => {
  const header = retryAfter();
  receiver.answer(429, { 'retry-after': header });
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  const waiting = () => database.seed.query('select run_at from graphile_worker.jobs where attempts = 1 and locked_by is null');
  await eventually('it waits', async () => (await waiting()).rowCount === 1);
  const until = header === '4' ? (receiver.requests[0]?.atMs ?? 0) + 4000 : Date.parse(header);
  // The back-off of the first attempt (e¹ s) comes on top.
  expect((await waiting()).rows[0].run_at.getTime()).toBeGreaterThan(until + 2700);
  receiver.answer(204);
  await eventually('it is taken', async () => (await deliveries())[0]?.state === 'delivered', 30_000);
  const [, second] = receiver.requests;
  expect(second?.atMs).toBeGreaterThan(until + 2500);
});

test('an answer without an end counts by its status, and is not listened to', async () => {
  let isLetGo = false;
  const url = await startOdd((_request, response) => {
    response.writeHead(200);
    const flow = setInterval(() => response.write('x'.repeat(64 * 1024)), 1);
    response.once('close', () => {
      clearInterval(flow);
      isLetGo = true;
    });
  });
  const { id } = await seedChannel(database.store, url);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('it is taken', async () => (await deliveries())[0]?.state === 'delivered');
  await eventually('the connection is let go', () => isLetGo);
  expect((await deliveries())[0]?.attempts).toHaveLength(1);
});

test('a receiver that changes the protocol, or answers nonsense, has taken nothing and breaks nothing', async () => {
  let requests = 0;
  const url = await startOdd((request) => {
    requests += 1;
    const answers = ['HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'no HTTP\r\n\r\n'];
    request.socket.end(answers[requests - 1] ?? 'HTTP/1.1 204 No Content\r\n\r\n');
  });
  const { id } = await seedChannel(database.store, url);
  await seedAlertRule(database.store, { channelIds: [id] });
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('it is taken', async () => (await deliveries())[0]?.state === 'delivered', 40_000);
  expect((await deliveries())[0]?.attempts.map(({ error }) => error)).toEqual([
    'The receiver answered 101.',
    'The receiver could not be reached (HPE_INVALID_CONSTANT).',
    null,
  ]);
}, 90_000);

test('an alerter that is told to end waits for the answer to a request under way, and sends it once', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  receiver.delay(7000);
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('the request is under way', () => receiver.requests.length === 1);
  await alerter.stop();
  expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: [{ status: 204 }] }]);
  // Nothing is left for the next alerter to find abandoned.
  expect((await database.seed.query('select from graphile_worker.jobs where locked_by is not null')).rowCount).toBe(0);
});

test('a receiver that takes its time is asked once, however many alerters there are', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  receiver.delay(7000);
  const others = await Promise.all([startAlerterProcess(database.url), startAlerterProcess(database.url)]);
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('it is taken', async () => (await deliveries())[0]?.state === 'delivered', 30_000);
  for (const one of others) await one.stop();
  expect(receiver.requests).toHaveLength(1);
  expect([alerter, ...others].map((one) => one.output()).join('')).not.toContain('took over');
});

test('a message on its way uses the channel as it is: turned off or deleted it ends, with a new secret it is signed anew', async () => {
  receiver.answer(503);
  const [off, gone, rotated] = await Promise.all([1, 2, 3].map(() => seedChannel(database.store, receiver.url)));
  const rule = await seedAlertRule(database.store, { channelIds: [off, gone, rotated].map((channel) => channel?.id ?? '') });
  alerter = await startAlerterProcess(database.url);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('each was tried', async () => (await deliveries()).filter(({ attempts }) => attempts.length > 0).length === 3);
  await updateChannel(database.store, off?.id ?? '', { isEnabled: false });
  await deleteChannel(database.store, gone?.id ?? '');
  const secret = `whsec_${Buffer.from('another secret of 24 bytes').toString('base64')}`;
  await database.seed.query('update channel set secret = $2 where id = $1', [rotated?.id, secret]);
  receiver.answer(204);
  // What was decided is told, whatever becomes of the rule.
  await deleteAlertRule(database.store, rule);
  await eventually('all are settled', async () => (await deliveries()).every(({ state }) => state !== 'pending'), 20_000);
  const ends = Object.fromEntries((await deliveries()).map((one) => [one.channelId, [one.state, one.attempts.at(-1)?.error]]));
  expect(ends).toEqual({
    [off?.id ?? '']: ['failed', 'The channel was turned off.'],
    [gone?.id ?? '']: ['failed', 'The channel is gone.'],
    [rotated?.id ?? '']: ['delivered', null],
  });
  const { headers, body } = receiver.requests.at(-1) ?? {};
  const signed = `${headers?.['webhook-id']}.${headers?.['webhook-timestamp']}.${body}`;
  const signature = createHmac('sha256', 'another secret of 24 bytes').update(signed).digest('base64');
  expect(headers?.['webhook-signature']).toBe(`v1,${signature}`);
});

test('what is acknowledged or muted as a kind raises no alert, in whatever session it is found; what is resolved does', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id], groupBy: ['finding'] });
  const decide = (
    fingerprint: string,
    state: 'acknowledged' | 'muted' | 'resolved' | 'open',
    mutedUntilMs: number | null = null,
  ) =>
    setAnomalyGroupState(database.store, {
      fingerprint,
      state,
      mutedUntil: mutedUntilMs === null ? null : ((mutedUntilMs * 1000) as WallMicros),
    });
  await decide('known', 'acknowledged');
  await decide('muted', 'muted');
  await decide('muted for an hour', 'muted', Date.now() + 3_600_000);
  await decide('muted until a while ago', 'muted', Date.now() - 1000);
  await decide('resolved', 'resolved');
  await decide('known once', 'acknowledged');
  await decide('known once', 'open');
  alerter = await startAlerterProcess(database.url);
  for (const fingerprint of ['known', 'muted', 'muted for an hour', 'muted until a while ago', 'resolved', 'known once'])
    await seedAnomaly(database.seed, await database.seed.session(), { fingerprint });
  await eventually('all are looked at', isLookedAt);
  expect((await incidents()).map(({ group }) => group['finding']).sort()).toEqual([
    'known once',
    'muted until a while ago',
    'resolved',
  ]);
});

test('an anomaly that a person has seen before the alerter raises nothing, another of its kind does', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id] });
  const [seen, unseen] = [await database.seed.session(), await database.seed.session()];
  await seedAnomaly(database.seed, seen, { id: 'seen' });
  await seedAnomaly(database.seed, unseen);
  await setAnomalyState(database.store, { sessionId: seen, id: 'seen', state: 'acknowledged', mutedUntil: null });
  alerter = await startAlerterProcess(database.url);
  await eventually('all are looked at', isLookedAt);
  expect(await incidents()).toMatchObject([{ group: { session: unseen } }]);
});

test('a rule says nothing of what was found before it was made, also where no alerter had looked yet', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id], name: 'Before' });
  await seedAnomaly(database.seed, await database.seed.session());
  await seedAlertRule(database.store, { channelIds: [id], name: 'After' });
  alerter = await startAlerterProcess(database.url);
  await eventually('it is looked at', isLookedAt);
  await seedAnomaly(database.seed, await database.seed.session());
  await eventually('both tell of the next', () => types().length === 3);
  expect((await incidents()).map(({ ruleName }) => ruleName).sort()).toEqual(['After', 'Before', 'Before']);
});

test('what the rules find in an old session is no news; what waits there to be told is told', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  await seedAlertRule(database.store, { channelIds: [id], groupBy: ['rule'] });
  const session = await database.seed.session({ status: 'ended' });
  await seedAnomaly(database.seed, session, { ruleId: 'missing-delta', id: 'missing-delta.1.a' });
  const [waiting] = await listAnomalies(database.store, session);
  if (waiting === undefined) throw new Error('There is an anomaly.');
  const { state: _state, mutedUntil: _until, stateChangedAt: _changed, foundAt: _found, ...known } = waiting;
  const found = { ...known, id: 'failed-response.1.b', ruleId: 'failed-response' };
  const counts = { critical: 2, high: 0, medium: 0, low: 0, info: 0 };
  await replaceAnomalies(database.store, { sessionId: session, anomalies: [known, found], counts, continued: new Map() });
  alerter = await startAlerterProcess(database.url);
  await eventually('all are looked at', isLookedAt);
  expect(await listAnomalies(database.store, session)).toHaveLength(2);
  expect(await incidents()).toMatchObject([{ group: { rule: 'missing-delta' } }]);
});

test('what waits to be told is told under its new name, where a newer version of its rule finds it again', async () => {
  const session = await database.seed.session({ status: 'ended' });
  await seedAnomaly(database.seed, session, { ruleId: 'missing-delta', id: 'missing-delta.1.a' });
  const [waiting] = await listAnomalies(database.store, session);
  if (waiting === undefined) throw new Error('There is an anomaly.');
  const { state: _state, mutedUntil: _until, stateChangedAt: _changed, foundAt: _found, ...known } = waiting;
  const inbox = async () => (await database.seed.query('select anomaly_id, noticed_at from alert_inbox')).rows;
  const [before] = await inbox();
  const again = { ...known, id: 'missing-delta.2.a', ruleVersion: 2 };
  const counts = { critical: 1, high: 0, medium: 0, low: 0, info: 0 };
  await replaceAnomalies(database.store, {
    sessionId: session,
    anomalies: [again],
    counts,
    continued: new Map([[again.id, known.id]]),
  });
  expect(await inbox()).toEqual([{ anomaly_id: again.id, noticed_at: before.noticed_at }]);
});

test('a presence that another does not let in tries anew, until it is there', async () => {
  const url = new URL(database.url);
  url.searchParams.set('options', '-c lock_timeout=100');
  const key = [PRESENCE_SPACE, 'pool-late'];
  await database.seed.query('select pg_advisory_lock($1, hashtext($2))', key);
  const presence = holdPresence(url.href);
  presence.announce('pool-late');
  const pids = new Set<number>();
  await eventually('it tries anew', async () => {
    const { rows } = await database.seed.query(`select pid from pg_stat_activity
      where datname = current_database() and application_name = 'deltascope-alerter'`);
    for (const { pid } of rows) pids.add(pid);
    return pids.size > 1;
  });
  await database.seed.query('select pg_advisory_unlock($1, hashtext($2))', key);
  const held = () =>
    database.seed.query(
      `select from pg_locks where locktype = 'advisory' and classid = $1 and mode = 'ShareLock' and granted
    and objid = hashtext($2)::oid and database = (select oid from pg_database where datname = current_database())`,
      key,
    );
  await eventually('it is there', async () => (await held()).rowCount === 1);
  await presence.close();
  await eventually('it is gone', async () => (await held()).rowCount === 0);
});

test('a share that falls again resolves, and one without responses says nothing', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  const condition = { ...CANCELLED_SHARE, windowMs: 3000, minResponses: 1 };
  await seedAlertRule(database.store, { channelIds: [id], condition, groupBy: [], quietMs: 1000 });
  alerter = await startAlerterProcess(database.url);
  const session = await database.seed.session();
  await database.seed.query('update session set last_event_at = now() where id = $1', [session]);
  await database.seed.query(
    `insert into response (session_id, id, ordinal, first_seq, last_seq, status, done_at, done_seq, audio_deltas, audio_ms, modalities, item_ids)
     values ($1, 'a', 1, 1, 9, 'cancelled', now(), 9, 0, 0, '{}', '{}')`,
    [session],
  );
  await eventually('its end is told', () => types().length === 2, 20_000);
  expect(types()).toEqual(['incident.opened', 'incident.resolved']);
  expect(await incidents()).toMatchObject([{ state: 'resolved', resolvedBy: 'quiet', occurrences: 1 }]);
});

test('a port that is taken is said so', async () => {
  const port = new URL(receiver.url).port;
  const starting = startAlerterProcess(database.url, { DELTASCOPE_ALERTER_PORT: port });
  await expect(starting).rejects.toThrow('DS_START_PORT_TAKEN');
});

test('a rule with a query speaks of the sessions that match it, and of no others', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  const query = 'provider:xai "refund policy" -tag:env=test';
  const where = { ...ANY_ANOMALY.where, query };
  await seedAlertRule(database.store, { channelIds: [id], condition: { ...ANY_ANOMALY, where }, groupBy: ['session'] });
  const share = { ...CANCELLED_SHARE, minResponses: 1, where };
  alerter = await startAlerterProcess(database.url);
  const [said, silent, elsewhere] = [await talkOf('xai', true), await talkOf('xai', false), await talkOf('openai', true)];
  for (const session of [silent, elsewhere, said]) await seedAnomaly(database.seed, session);
  await eventually('all are looked at', isLookedAt);
  await eventually('one is told of', async () => (await incidents()).length > 0);
  expect((await incidents()).map(({ sights }) => sights.map(({ sessionId }) => sessionId))).toEqual([[said]]);
  const tallies = await readResponseTallies(database.store, share, 0 as WallMicros);
  expect(tallies.map(({ place }) => place?.sessionId)).toEqual([said]);
});

/** A session in which somebody spoke of refunds, or did not, with one cancelled response. */
async function talkOf(provider: string, isOfRefunds: boolean) {
  const session = await database.seed.session({ provider });
  await database.seed.query('update session set last_event_at = now() where id = $1', [session]);
  await database.seed.query(
    `insert into response (session_id, id, ordinal, first_seq, last_seq, status, done_at, done_seq, audio_deltas, audio_ms, modalities, item_ids)
     values ($1, 'a', 1, 1, 9, 'cancelled', now(), 9, 0, 0, '{}', '{}')`,
    [session],
  );
  const text = isOfRefunds ? 'What is your refund policy?' : 'Policy: no refund.';
  await database.seed.query(
    `insert into search_text (session_id, source, id, seq, content, words) values ($1, 'text', 'i', 1, $2, deltascope_words($2))`,
    [session, text],
  );
  return session;
}

test('a finding whose words are cut within a character is told, and holds up no other', async () => {
  const { id } = await seedChannel(database.store, receiver.url);
  const slack = await seedChannel(database.store, receiver.url, 'slack');
  await seedAlertRule(database.store, { channelIds: [id, slack.id] });
  // Cut by the words of the rule, and by the header of Slack.
  for (const length of [399, 131, 1])
    await seedAnomaly(database.seed, await database.seed.session(), { values: { family: `${'x'.repeat(length)}😀` } });
  alerter = await startAlerterProcess(database.url);
  await eventually('all are told', () => receiver.requests.length === 6);
  for (const { body } of receiver.requests) expect(body).not.toMatch(/\\ud[89a-f]/);
});
