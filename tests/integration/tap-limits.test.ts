import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { TestTap } from '#tests/support/tap.ts';
import { connect, open, startTestTap, waitFor } from '#tests/support/tap.ts';
import type { FakeUpstream, FakeUpstreamOptions } from '#tests/support/upstream.ts';
import { startUpstream } from '#tests/support/upstream.ts';

let upstream: FakeUpstream;
let tap: TestTap;

afterEach(async () => {
  await tap.drop();
  await upstream.close();
});

async function setUp(
  limits: Parameters<typeof startTestTap>[0]['limits'] = {},
  options: FakeUpstreamOptions = {},
): Promise<void> {
  upstream = await startUpstream(options);
  tap = await startTestTap({ upstreams: { openai: { kind: 'openai', url: upstream.url } }, limits });
}

async function refusalAt(path: string): Promise<[number, string]> {
  const answer = await connect(tap.url(path));
  if (answer.how === 'open') throw new Error('the handshake was accepted');
  return [answer.status, (JSON.parse(answer.body) as { error: { code: string } }).error.code];
}

test('no more sessions than the limit; a place that becomes free is taken again', async () => {
  await setUp({ maxSessions: 2 });
  const [first] = [await open(tap.url('/v1/realtime')), await open(tap.url('/v1/realtime'))];
  expect(await refusalAt('/v1/realtime')).toEqual([503, 'DS_TAP_TOO_MANY_SESSIONS']);
  first?.close();
  await once(first as WebSocket, 'close');
  await new Promise((resolve) => setTimeout(resolve, 50));
  await open(tap.url('/v1/realtime'));
});

test('no more new sessions a minute than the limit', async () => {
  await setUp({ maxUpgradesPerMinute: 3 });
  for (let index = 0; index < 3; index += 1) (await open(tap.url('/v1/realtime'))).close();
  expect(await refusalAt('/v1/realtime')).toEqual([429, 'DS_TAP_TOO_MANY_UPGRADES']);
});

test('a provider that does not answer the handshake in time is a 504', async () => {
  await setUp({ dialTimeoutMs: 150 }, { onUpgrade: () => true });
  expect(await refusalAt('/v1/realtime')).toEqual([504, 'DS_TAP_DIAL_TIMEOUT']);
  expect((await tap.recorded()).at(-1)).toMatchObject({ kind: 'session_close', end: { how: 'failed', httpStatus: 504 } });
});

test('an ordinary request to a provider that does not complete the connection in time is a 504', async () => {
  upstream = await startUpstream();
  // It accepts, but never answers the TLS greeting.
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  tap = await startTestTap({
    upstreams: { openai: { kind: 'openai', url: `https://127.0.0.1:${port}` } },
    limits: { dialTimeoutMs: 200 },
  });
  const answer = await fetch(tap.httpUrl('/v1/models'));
  expect([answer.status, await answer.json()]).toMatchObject([504, { error: { code: 'DS_TAP_DIAL_TIMEOUT' } }]);
  silent.close();
});

test('a stopping tap lets calls end in their own time and takes no new ones', async () => {
  await setUp();
  const [client, server] = await Promise.all([open(tap.url('/v1/realtime')), upstream.nextSocket()]);
  const kept = await keepAliveConnection();
  // Longer than this test may take.
  const stopped = tap.stop({ drainMs: 600_000 });
  expect(await kept.upgrade()).toContain('DS_TAP_STOPPING');
  await expect(open(tap.url('/v1/realtime'))).rejects.toThrow('ECONNREFUSED');
  client.send('still here');
  expect(String((await once(server, 'message'))[0])).toBe('still here');
  client.close(1000);
  await stopped;
  expect((await tap.recorded()).at(-1)).toMatchObject({ kind: 'session_close', end: { by: 'client', code: 1000 } });
});

test('when the time to drain is over, both sides are closed with 1001 and the session has its end', async () => {
  await setUp();
  const [client, server] = await Promise.all([open(tap.url('/v1/realtime')), upstream.nextSocket()]);
  const closes = [once(client, 'close'), once(server, 'close')];
  await tap.stop({ drainMs: 100 });
  expect((await Promise.all(closes)).map(([code, reason]) => [code, String(reason)])).toEqual([
    [1001, 'DS_TAP_STOPPING'],
    [1001, 'DS_TAP_STOPPING'],
  ]);
  expect((await tap.recorded()).at(-1)).toMatchObject({ kind: 'session_close', end: { how: 'ended', by: 'tap', code: 1001 } });
});

test('a side that does not answer the good-bye is dropped, and its session still has its end', async () => {
  await setUp();
  const [client] = await Promise.all([open(tap.url('/v1/realtime')), upstream.nextSocket()]);
  client.pause();
  await tap.stop({ drainMs: 0 });
  expect((await tap.recorded()).at(-1)).toMatchObject({ kind: 'session_close', end: { by: 'tap', code: 1001 } });
  client.terminate();
});

test('a port that is taken is said so', async () => {
  await setUp();
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as { port: number };
  await expect(startTestTap({ upstreams: {}, port })).rejects.toMatchObject({
    code: 'DS_TAP_PORT_TAKEN',
    message: expect.stringContaining(String(port)),
  });
  blocker.close();
});

/** A connection that was there before the tap began to stop. */
async function keepAliveConnection(): Promise<{ upgrade(): Promise<string> }> {
  const { createConnection } = await import('node:net');
  const socket = createConnection(tap.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.write('GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\n');
  await new Promise((resolve) => setTimeout(resolve, 30));
  return {
    async upgrade() {
      socket.write(
        `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n\r\n`,
      );
      await waitFor('an answer', () => answer.includes('\r\n\r\n') && answer.length > 0);
      socket.destroy();
      return answer;
    },
  };
}
