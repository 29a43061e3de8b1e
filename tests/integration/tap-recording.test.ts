import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { readWholeSpool } from '#tests/support/spool-records.ts';
import type { TestTap } from '#tests/support/tap.ts';
import { open, startTestTap, waitFor } from '#tests/support/tap.ts';
import type { FakeUpstream } from '#tests/support/upstream.ts';
import { startUpstream } from '#tests/support/upstream.ts';

let upstream: FakeUpstream;
let tap: TestTap;

afterEach(async () => {
  await tap.drop();
  await upstream.close();
});

const MEGABYTE = 1024 ** 2;

async function setUp(options: Omit<Parameters<typeof startTestTap>[0], 'upstreams'> = {}): Promise<void> {
  upstream = await startUpstream({
    onSession: (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })),
  });
  tap = await startTestTap({ upstreams: { openai: { kind: 'openai', url: upstream.url } }, ...options });
}

function kinds(records: readonly SpoolRecord[]): string[] {
  return records.map((record) => record.kind);
}

/** Messages that are there plus those that losses stand for: all `seq`s of one session, each once. */
function accountedSeqs(records: readonly SpoolRecord[]): number[] {
  return records.flatMap((record) => {
    if (record.kind === 'message') return [record.seq];
    if (record.kind !== 'loss') return [];
    return Array.from({ length: record.toSeq - record.fromSeq + 1 }, (_, index) => record.fromSeq + index);
  });
}

/** Numbers in their order, as unbroken ranges: `1-6000` where none is missing, double or out of place. */
function rangesOf(seqs: readonly number[]): string[] {
  const ranges: [number, number][] = [];
  for (const seq of seqs) {
    const last = ranges.at(-1);
    if (last && last[1] + 1 === seq) last[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges.map(([from, to]) => `${from}-${to}`);
}

/** Every byte of every file in the spool's folder. */
function spoolBytes(): Buffer {
  return Buffer.concat(readdirSync(tap.folder).map((name) => readFileSync(join(tap.folder, name))));
}

test('secrets are masked before anything is written; the rest of each message is kept byte for byte', async () => {
  await setUp();
  const secret = 'ek_68af296e8e408191a1120ab6383263c2';
  const created = `{"type":"session.created", "session":{"client_secret":{"value":"${secret}","expires_at":1}, "n":1.50}}`;
  const update = `{"type":"session.update","session":{"tools":[{"type":"mcp","authorization":"hunter2\\"x","headers":{"X-Key":"h\\u00e9ader"}}],"instructions":"é"}}`;
  const query = `/v1/realtime?model=m&api-key=azure-secret&ds_key=capture-secret&token=other-secret`;
  const headers = {
    authorization: 'Bearer sk-proj-headersecret1234',
    'api-key': 'azure-header',
    cookie: 'session=cookie-secret',
    'user-agent': 'test/1',
  };
  const client = await open(tap.url(query), { headers, protocols: ['realtime', `openai-insecure-api-key.${secret}`] });
  for (const text of [
    created,
    update,
    'not json "authorization": "loose-secret"',
    `said sk-proj-abcdefghijklmnop0123456789 aloud`,
  ]) {
    client.send(text);
    await once(client, 'message');
  }
  const records = await tap.recorded();
  const messages = records.filter((record) => record.kind === 'message' && record.direction === 'client_to_server');
  expect(messages.map((record) => (record.kind === 'message' ? Buffer.from(record.payload).toString() : ''))).toEqual([
    created.replace(secret, '[masked by deltascope]'),
    update.replace('hunter2\\"x', '[masked by deltascope]').replace('h\\u00e9ader', '[masked by deltascope]'),
    'not json "authorization": "[masked by deltascope]"',
    'said [masked by deltascope] aloud',
  ]);
  expect(messages).toMatchObject([
    { masked: 1, wireBytes: Buffer.byteLength(created) },
    { masked: 2 },
    { masked: 1 },
    { masked: 1 },
  ]);
  expect(records[1]).toMatchObject({ capture: { query: { model: 'm' }, requestHeaders: { 'user-agent': 'test/1' } } });
  const written = spoolBytes().toString('latin1');
  for (const text of [
    secret,
    'hunter2',
    'ader"',
    'loose-secret',
    'sk-proj',
    'azure-secret',
    'capture-secret',
    'other-secret',
    'azure-header',
    'cookie-secret',
  ]) {
    expect(written).not.toContain(text);
  }
});

test('a session is relayed but not recorded where the application says so', async () => {
  await setUp();
  const client = await open(tap.url('/v1/realtime'), { headers: { 'x-deltascope-record': 'off' } });
  client.send('nothing of this is kept');
  expect(String((await once(client, 'message'))[0])).toBe('nothing of this is kept');
  expect(kinds(await tap.recorded())).toEqual(['writer_start']);
});

test('tags come from header and query and do not reach the provider', async () => {
  await setUp();
  await open(tap.url('/v1/realtime?ds_tags=env%3Dprod,team%3Da&model=m'), { headers: { 'x-deltascope-tags': 'env=test, beta' } });
  expect((await tap.recorded())[1]).toMatchObject({ capture: { tags: { env: 'test', team: 'a', beta: 'true' } } });
  expect(upstream.handshakes[0]?.url).toBe('/v1/realtime?model=m');
});

test('an acknowledged message is in the spool within 50 ms, while the session is open', async () => {
  await setUp();
  const client = await open(tap.url('/v1/realtime'));
  const delays: number[] = [];
  for (let seq = 1; seq <= 20; seq += 1) {
    client.send(`message ${seq}`);
    await once(client, 'message');
    const since = performance.now();
    while (!readWholeSpool(tap.folder).some((record) => record.kind === 'message' && record.seq === 2 * seq)) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    delays.push(performance.now() - since);
  }
  process.stdout.write(`relay → spool: p50 ${delays.toSorted((a, b) => a - b)[10]?.toFixed(1)} ms\n`);
  expect(delays).toHaveLength(20);
});

test('open sessions get a watermark every second, unrecorded ones do not', async () => {
  await setUp();
  const client = await open(tap.url('/v1/realtime'));
  await open(tap.url('/v1/realtime'), { headers: { 'x-deltascope-record': 'off' } });
  client.send('x');
  await new Promise((resolve) => setTimeout(resolve, 2200));
  const records = await tap.recorded();
  const marks = records.filter((record) => record.kind === 'watermark');
  expect(marks.length).toBeGreaterThanOrEqual(1);
  const opened = records.find((record) => record.kind === 'session_open');
  for (const mark of marks) expect(mark.sessionIds).toEqual([opened?.kind === 'session_open' && opened.sessionId]);
  const times = records.flatMap((record) => ('at' in record && record.at !== null ? [record.at] : []));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('when the writer thread dies under load, another takes over and nothing is missing or double', async () => {
  await setUp();
  const client = await open(tap.url('/v1/realtime'));
  let echoes = 0;
  client.on('message', () => {
    echoes += 1;
  });
  for (let sent = 0; sent < 3000; sent += 1) {
    client.send(`{"n":${sent},"pad":"${'x'.repeat(300)}"}`);
    if (sent % 900 === 700) void tap.channel.replaceThread();
    if (sent % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 4));
  }
  await waitFor('all echoes', () => echoes === 3000);
  client.close();
  await once(client, 'close');
  const records = await tap.recorded();
  expect(rangesOf(accountedSeqs(records))).toEqual(['1-6000']);
  expect(kinds(records).filter((kind) => kind !== 'message' && kind !== 'watermark')).toEqual([
    'writer_start',
    'session_open',
    'session_close',
  ]);
});

test('while the writer thread is stuck, calls go on; what does not fit into memory is counted as lost', async () => {
  await setUp({ limits: { maxRecordBufferBytes: MEGABYTE } });
  const client = await open(tap.url('/v1/realtime'));
  let echoes = 0;
  client.on('message', () => {
    echoes += 1;
  });
  const echoOf = async (text: string): Promise<void> => {
    const expected = echoes + 1;
    client.send(text);
    await waitFor('an echo', () => echoes === expected);
  };
  await echoOf('before');
  await waitFor('the first messages in the spool', () => readWholeSpool(tap.folder).length >= 4);
  // Somebody else holds the segment: the thread's next commit waits.
  const name = readdirSync(tap.folder)
    .filter((each) => each.endsWith('.sqlite'))
    .sort()
    .at(-1) as string;
  const blocker = new DatabaseSync(join(tap.folder, name));
  blocker.exec('begin immediate');
  for (let round = 0; round < 40; round += 1) await echoOf('y'.repeat(50_000));
  expect(tap.counters.unrecorded).toBeGreaterThan(10);
  blocker.exec('rollback');
  blocker.close();
  await waitFor('room', () => tap.channel.waitingBytes === 0);
  await echoOf('after');
  const records = await tap.recorded();
  expect(rangesOf(accountedSeqs(records))).toEqual(['1-84']);
  const losses = records.filter((record) => record.kind === 'loss');
  expect(losses.length).toBeGreaterThan(0);
  for (const loss of losses)
    expect(loss).toMatchObject({ cause: 'buffer_full', bytes: 50_000 * (loss.toSeq - loss.fromSeq + 1) });
  expect(records.at(-2)).toMatchObject({ kind: 'message', seq: 84 });
});

test('when the spool is full, calls go on and each loss is counted', async () => {
  await setUp({ spool: { maxBytes: MEGABYTE, segmentBytes: 64 * 1024 } });
  const client = await open(tap.url('/v1/realtime'));
  let echoes = 0;
  client.on('message', () => {
    echoes += 1;
  });
  for (let sent = 0; sent < 60; sent += 1) {
    client.send('z'.repeat(30_000));
    await waitFor('an echo', () => echoes === sent + 1);
  }
  client.close();
  await once(client, 'close');
  const records = await tap.recorded();
  expect(rangesOf(accountedSeqs(records))).toEqual(['1-120']);
  expect(records.findLast((record) => record.kind === 'loss')).toMatchObject({ cause: 'spool_full', toSeq: 120 });
  expect(records.at(-1)).toMatchObject({ kind: 'session_close' });
});

test('two taps on one spool: the second refuses to start', async () => {
  await setUp();
  await expect(startTestTap({ upstreams: {}, spool: { folder: tap.folder } })).rejects.toMatchObject({ code: 'DS_SPOOL_LOCKED' });
});
