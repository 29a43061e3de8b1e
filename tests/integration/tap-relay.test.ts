import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SpoolRecord } from '#lib/spool/record.ts';
import type { TestTap } from '#tests/support/tap.ts';
import { open, startTestTap, waitFor } from '#tests/support/tap.ts';
import type { FakeUpstream, FakeUpstreamOptions } from '#tests/support/upstream.ts';
import { MessageHash, startUpstream } from '#tests/support/upstream.ts';

let upstream: FakeUpstream;
let tap: TestTap;

afterEach(async () => {
  await tap.drop();
  await upstream.close();
});

async function setUp(
  options: FakeUpstreamOptions = {},
  limits: Parameters<typeof startTestTap>[0]['limits'] = {},
): Promise<void> {
  upstream = await startUpstream(options);
  tap = await startTestTap({ upstreams: { openai: { kind: 'openai', url: upstream.url } }, limits });
}

const PATH = '/v1/realtime?model=gpt-realtime';

function messagesOf(records: readonly SpoolRecord[]): Extract<SpoolRecord, { kind: 'message' }>[] {
  return records.filter((record) => record.kind === 'message');
}

/** A pair of ends with the tap between them. */
async function openPair(): Promise<{ client: WebSocket; server: WebSocket }> {
  const [client, server] = await Promise.all([open(tap.url(PATH)), upstream.nextSocket()]);
  return { client, server };
}

function hashOf(socket: WebSocket): MessageHash {
  const hash = new MessageHash();
  socket.on('message', (data, isBinary) => hash.add(data as Buffer, isBinary));
  return hash;
}

test('both ends see the same messages in the same order, and the spool holds them', async () => {
  await setUp();
  const { client, server } = await openPair();
  const [atClient, atServer] = [hashOf(client), hashOf(server)];
  const [sentByClient, sentByServer] = [new MessageHash(), new MessageHash()];
  for (let index = 0; index < 500; index += 1) {
    const isBinary = index % 7 === 0;
    const data = Buffer.from(`{"type":"é","index":${index},"pad":"${'x'.repeat((index * 37) % 9000)}"}`);
    client.send(data, { binary: isBinary });
    sentByClient.add(data, isBinary);
    server.send(data.subarray(0, index), { binary: !isBinary });
    sentByServer.add(data.subarray(0, index), !isBinary);
  }
  await waitFor('all messages', () => atClient.count === 500 && atServer.count === 500);
  expect(atServer.digest()).toBe(sentByClient.digest());
  expect(atClient.digest()).toBe(sentByServer.digest());
  client.close(1000, 'bye');
  await once(server, 'close');

  const records = await tap.recorded();
  const inSpool = { client_to_server: new MessageHash(), server_to_client: new MessageHash(), unknown: new MessageHash() };
  for (const message of messagesOf(records)) inSpool[message.direction].add(message.payload, message.format === 'binary');
  expect(inSpool.client_to_server.digest()).toBe(sentByClient.digest());
  expect(inSpool.server_to_client.digest()).toBe(sentByServer.digest());
  expect(messagesOf(records).map((message) => message.seq)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  expect(records[1]).toMatchObject({
    kind: 'session_open',
    capture: { upstream: 'openai', path: '/v1/realtime', query: { model: 'gpt-realtime' } },
  });
  expect(records.at(-1)).toMatchObject({ kind: 'session_close', end: { how: 'ended', by: 'client', code: 1000, reason: 'bye' } });
});

test('a message that the provider sends right after the handshake is not missed', async () => {
  await setUp({ onSession: (socket) => socket.send('{"type":"session.created"}') });
  const client = new WebSocket(tap.url(PATH));
  const [data] = await once(client, 'message');
  expect(String(data)).toBe('{"type":"session.created"}');
});

test('messages of 20 MiB and empty ones pass, whole and in order', async () => {
  await setUp({ onSession: (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })) });
  const client = await open(tap.url(PATH));
  const received = hashOf(client);
  const sent = new MessageHash();
  for (const data of [Buffer.alloc(0), Buffer.alloc(20 * 1024 ** 2, 'a'), Buffer.from('x')]) {
    client.send(data, { binary: false });
    sent.add(data, false);
  }
  await waitFor('the echoes', () => received.count === 3);
  expect(received.digest()).toBe(sent.digest());
  const records = await tap.recorded();
  expect(
    messagesOf(records)
      .map((message) => message.wireBytes)
      .sort((a, b) => a - b),
  ).toEqual([0, 0, 1, 1, 20 * 1024 ** 2, 20 * 1024 ** 2]);
});

test('text that is not UTF-8 is passed on and recorded, not judged', async () => {
  await setUp();
  const { client, server } = await openPair();
  const bytes = Buffer.from([0x22, 0xff, 0xfe, 0xed, 0xa0, 0x80, 0x00, 0x22]);
  client.send(bytes, { binary: false });
  const [data, isBinary] = await once(server, 'message');
  expect(isBinary).toBe(false);
  expect(Buffer.compare(data as Buffer, bytes)).toBe(0);
  expect(messagesOf(await tap.recorded())[0]).toMatchObject({ format: 'text', payload: new Uint8Array(bytes) });
});

test('fragments of one message arrive as one message', async () => {
  await setUp();
  const { client, server } = await openPair();
  for (const [part, fin] of [
    ['{"type":', false],
    ['"a"', false],
    ['}', true],
  ] as const)
    client.send(part, { fin });
  const [data] = await once(server, 'message');
  expect(String(data)).toBe('{"type":"a"}');
});

test.each([
  [1000, ''],
  [1001, 'going away'],
  [1008, 'policy'],
  [1011, 'keepalive ping timeout'],
  [3000, 'invalid_request_error.invalid_api_key'],
  [4000, 'invalid_request_error.beta_api_shape_disabled'],
  [4999, 'é'.repeat(61)],
])('close code %d is mirrored with its reason, both ways', async (code, reason) => {
  await setUp();
  for (const by of ['client', 'server'] as const) {
    const pair = await openPair();
    const other = by === 'client' ? pair.server : pair.client;
    pair[by].close(code, reason);
    const [seenCode, seenReason] = await once(other, 'close');
    expect([seenCode, String(seenReason)]).toEqual([code, reason]);
  }
  const ends = (await tap.recorded()).filter((record) => record.kind === 'session_close').map((record) => record.end);
  expect(ends).toMatchObject(['client', 'server'].map((by) => ({ by, code, reason: reason === '' ? null : reason })));
});

test('a close without a code and a cut connection reach the other side as the same', async () => {
  await setUp();
  for (const by of ['client', 'server'] as const) {
    for (const [how, expected] of [
      ['close', 1005],
      ['terminate', 1006],
    ] as const) {
      const pair = await openPair();
      const other = by === 'client' ? pair.server : pair.client;
      pair[by][how]();
      const [code] = await once(other, 'close');
      expect([by, how, code]).toEqual([by, how, expected]);
    }
  }
});

test('what a provider sent before it vanished still reaches the client', async () => {
  await setUp();
  const { client, server } = await openPair();
  const received = hashOf(client);
  client.pause();
  for (let index = 0; index < 40; index += 1) server.send(Buffer.alloc(100_000, index));
  await waitFor('the tap to have read all', () => tap.counters.serverMessages === 40);
  server.terminate();
  await new Promise((resolve) => setTimeout(resolve, 50));
  client.resume();
  const [code] = await once(client, 'close');
  expect([code, received.count]).toEqual([1006, 40]);
});

test('pings and pongs pass with their payload, and the tap answers none itself', async () => {
  await setUp({ autoPong: false });
  const [client, server] = await Promise.all([open(tap.url(PATH), { autoPong: false }), upstream.nextSocket()]);
  client.ping('from the client');
  expect(String((await once(server, 'ping'))[0])).toBe('from the client');
  let pongs = 0;
  client.on('pong', () => {
    pongs += 1;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(pongs).toBe(0);
  server.pong('late answer');
  expect(String((await once(client, 'pong'))[0])).toBe('late answer');
  server.ping(Buffer.alloc(125, 7));
  expect((await once(client, 'ping'))[0]).toHaveLength(125);
});

test.each(['client', 'server'] as const)(
  'a slow %s makes the tap pause the other side instead of queueing without limit',
  async (slow) => {
    await setUp({}, { maxBufferBytes: 1024 ** 2 });
    const pair = await openPair();
    const [reader, sender] = slow === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
    reader.pause();
    const received = hashOf(reader);
    const sent = new MessageHash();
    const message = Buffer.alloc(64 * 1024, 5);
    for (let index = 0; index < 600; index += 1) {
      sender.send(message);
      sent.add(message, true);
    }
    const relayed = (): number => tap.counters.clientMessages + tap.counters.serverMessages;
    let before = -1;
    while (relayed() !== before) {
      before = relayed();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    // 600 messages are 38 MB; what the tap took is its limit plus what the system's socket buffers hold.
    expect(relayed()).toBeLessThan(300);
    reader.resume();
    await waitFor('the rest', () => received.count === 600);
    expect(received.digest()).toBe(sent.digest());
  },
);

test('a message beyond the limit ends the session with 1009 and a reason with a code', async () => {
  await setUp({}, { maxMessageBytes: 1024 });
  const first = await openPair();
  const ended = [once(first.client, 'close'), once(first.server, 'close')] as const;
  first.client.send('x'.repeat(1025));
  expect((await ended[0])[0]).toBe(1009);
  const [code, reason] = await ended[1];
  expect([code, String(reason)]).toEqual([1009, 'DS_TAP_MESSAGE_TOO_LARGE']);
  const second = await openPair();
  second.server.send('x'.repeat(1025));
  const seen = await once(second.client, 'close');
  expect([seen[0], String(seen[1])]).toEqual([1009, 'DS_TAP_MESSAGE_TOO_LARGE']);
  const ends = (await tap.recorded()).filter((record) => record.kind === 'session_close').map((record) => record.end);
  expect(ends).toMatchObject([
    { by: 'tap', code: 1009 },
    { by: 'tap', code: 1009, reason: 'DS_TAP_MESSAGE_TOO_LARGE' },
  ]);
});

test('bytes that are no frame end the session with 1002 and a reason with a code', async () => {
  await setUp({ onSession: (_socket, request) => setTimeout(() => request.socket.write(Buffer.from('ffffffff', 'hex')), 20) });
  const client = await open(tap.url(PATH));
  const [code, reason] = await once(client, 'close');
  expect([code, String(reason)]).toEqual([1002, 'DS_TAP_BROKEN_FRAME']);
});
