import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { TestTap } from '#tests/support/tap.ts';
import { connect, open, startTestTap } from '#tests/support/tap.ts';
import type { FakeUpstream, FakeUpstreamOptions } from '#tests/support/upstream.ts';
import { startUpstream } from '#tests/support/upstream.ts';

let upstream: FakeUpstream;
let tap: TestTap;

afterEach(async () => {
  await tap.drop();
  await upstream.close();
});

type TapSetUp = Omit<Parameters<typeof startTestTap>[0], 'upstreams'> & { readonly key?: string };

async function setUp(options: FakeUpstreamOptions = {}, { key, ...tapOptions }: TapSetUp = {}): Promise<void> {
  upstream = await startUpstream(options);
  const held = key === undefined ? {} : { key };
  tap = await startTestTap({
    upstreams: {
      openai: { kind: 'openai', url: upstream.url, ...held },
      myres: { kind: 'azure-openai', url: upstream.url, ...held },
      xai: { kind: 'xai', url: `${upstream.url}/base` },
    },
    ...tapOptions,
  });
}

function codeOf(body: string): string {
  const { error } = JSON.parse(body) as { error: { code: string; message: string; action: string } };
  expect(error.message.length * error.action.length).toBeGreaterThan(0);
  return error.code;
}

test.each([
  ['/v1/realtime?model=gpt-realtime', '/v1/realtime?model=gpt-realtime'],
  ['/v1/realtime/translations?model=gpt-realtime-translate', '/v1/realtime/translations?model=gpt-realtime-translate'],
  ['/v1/live/sessions', '/v1/live/sessions'],
  ['/v1/responses', '/v1/responses'],
  [
    '/azure/myres/openai/realtime?api-version=2025-04-01-preview&deployment=d',
    '/openai/realtime?api-version=2025-04-01-preview&deployment=d',
  ],
  ['/azure/myres/openai/v1/realtime?model=d', '/openai/v1/realtime?model=d'],
  ['/up/xai/v1/realtime?model=grok%20x&a=b+c', '/base/v1/realtime?model=grok%20x&a=b+c'],
  ['/up/myres/voice-live/realtime', '/voice-live/realtime'],
  ['/v1/realtime?ds_tags=env%3Dprod&model=m&ds_key=k', '/v1/realtime?model=m'],
])('%s reaches the provider as %s', async (path, expected) => {
  await setUp();
  await open(tap.url(path));
  expect(upstream.handshakes[0]?.url).toBe(expected);
});

test('the provider gets the client’s headers but not those of the hop or of the tap, and its own Host', async () => {
  await setUp();
  const headers = {
    Authorization: 'Bearer sk-client',
    'OpenAI-Beta': 'realtime=v1',
    'X-Deltascope-Tags': 'a=b',
    'x-deltascope-key': 'k',
    Cookie: 'c=1',
    'Keep-Alive': 'timeout=5',
    'Proxy-Authorization': 'Basic x',
  };
  await open(tap.url('/v1/realtime'), { headers });
  const seen = upstream.handshakes[0]?.headers ?? {};
  expect(seen).toMatchObject({
    authorization: 'Bearer sk-client',
    'openai-beta': 'realtime=v1',
    cookie: 'c=1',
    host: `127.0.0.1:${upstream.port}`,
  });
  for (const name of ['x-deltascope-tags', 'x-deltascope-key', 'keep-alive', 'proxy-authorization', 'sec-websocket-extensions']) {
    expect(seen).not.toHaveProperty(name);
  }
});

test.each([
  ['deltascope.session_token=secret', undefined],
  ['deltascope.session_token=secret; c=1', 'c=1'],
  ['c=1; deltascope.session_token=secret; d=2', 'c=1; d=2'],
  ['c=deltascope.; xdeltascope.y=1', 'c=deltascope.; xdeltascope.y=1'],
])(
  'the dashboard’s session, which browsers send to every port of its host, is not for the provider (%s)',
  async (cookie, expected) => {
    await setUp();
    await open(tap.url('/v1/realtime'), { headers: { cookie } });
    expect(upstream.handshakes[0]?.headers.cookie).toBe(expected);
    expect(JSON.stringify(await tap.recorded())).not.toContain('secret');
  },
);

test('the client gets the headers of the provider’s answer', async () => {
  await setUp({
    answerHeaders: [
      'x-request-id: req_1',
      'Set-Cookie: a=1',
      'Set-Cookie: b=2',
      'openai-processing-ms: 7',
      'Keep-Alive: timeout=9',
    ],
  });
  const connected = await connect(tap.url('/v1/realtime'));
  expect(connected.headers).toMatchObject({ 'x-request-id': 'req_1', 'set-cookie': ['a=1', 'b=2'] });
  expect(connected.headers).not.toHaveProperty('keep-alive');
  expect((await tap.recorded())[1]).toMatchObject({
    capture: { responseHeaders: { 'x-request-id': 'req_1', 'openai-processing-ms': '7' } },
  });
});

test('the client gets exactly the subprotocol that the provider chose', async () => {
  await setUp({ chooseSubprotocol: (offered) => (offered.has('realtime') ? 'realtime' : false) });
  const protocols = ['openai-insecure-api-key.ek_1234567890abcdefghij', 'realtime', 'deltascope-key.abc'];
  const client = await open(tap.url('/v1/realtime'), { protocols });
  expect(client.protocol).toBe('realtime');
  expect(upstream.handshakes[0]?.headers['sec-websocket-protocol']).toBe(
    'openai-insecure-api-key.ek_1234567890abcdefghij,realtime',
  );
  const opened = (await tap.recorded())[1];
  expect(opened).toMatchObject({ capture: { subprotocol: 'realtime' } });
  expect(JSON.stringify(opened)).not.toContain('ek_');
});

test('where the provider chooses no subprotocol, the client is told of none', async () => {
  await setUp({ chooseSubprotocol: () => false });
  const answer = await rawRequest(
    `GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\nSec-WebSocket-Protocol: realtime\r\n\r\n`,
    'HTTP/1.1 101',
  );
  expect(answer).toContain('101 Switching Protocols');
  expect(answer.toLowerCase()).not.toContain('sec-websocket-protocol');
});

test('a refusal of the provider is mirrored with status, headers and body, and recorded', async () => {
  const body = JSON.stringify({
    error: { message: 'Incorrect API key provided: sk-proj-abcdefghijklmnopqrstuvwx', code: 'invalid_api_key' },
  });
  await setUp({
    onUpgrade(_request, socket) {
      socket.end(
        `HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nX-Request-Id: req_9\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      );
      return true;
    },
  });
  const answer = await connect(tap.url('/v1/realtime?model=m'));
  expect(answer).toMatchObject({
    how: 'refused',
    status: 401,
    body,
    headers: { 'x-request-id': 'req_9', 'content-type': 'application/json' },
  });
  const records = await tap.recorded();
  expect(records.slice(1)).toMatchObject([
    { kind: 'session_open', capture: { query: { model: 'm' }, responseHeaders: { 'x-request-id': 'req_9' } } },
    {
      kind: 'session_close',
      end: { how: 'refused', by: 'server', httpStatus: 401, detail: expect.stringContaining('[masked by deltascope]') },
    },
  ]);
});

test('a redirect of the provider is passed on, not followed', async () => {
  await setUp({
    onUpgrade(_request, socket) {
      socket.end('HTTP/1.1 302 Found\r\nLocation: /openai/v1/realtime\r\nContent-Length: 0\r\n\r\n');
      return true;
    },
  });
  expect(await connect(tap.url('/azure/myres/openai/realtime'))).toMatchObject({
    status: 302,
    headers: { location: '/azure/myres/openai/v1/realtime' },
  });
  expect(upstream.handshakes).toHaveLength(1);
});

test('a provider that cannot be reached is a 502 with a code, and recorded', async () => {
  upstream = await startUpstream();
  tap = await startTestTap({ upstreams: { openai: { kind: 'openai', url: 'http://127.0.0.1:1' } } });
  const answer = await connect(tap.url('/v1/realtime'));
  expect(answer).toMatchObject({ status: 502 });
  expect(answer.how === 'refused' && codeOf(answer.body)).toBe('DS_TAP_UPSTREAM_UNREACHABLE');
  expect((await tap.recorded()).at(-1)).toMatchObject({
    kind: 'session_close',
    end: { how: 'failed', by: 'tap', httpStatus: 502 },
  });
});

test('a key that the tap holds takes the place of the client’s', async () => {
  await setUp({ chooseSubprotocol: () => 'realtime' }, { key: 'sk-operator', gate: { captureKeys: ['first', 'second'] } });
  const headers = { authorization: 'Bearer sk-client', 'api-key': 'client', 'x-deltascope-key': 'second' };
  await open(tap.url('/v1/realtime'), { headers, protocols: ['realtime', 'openai-insecure-api-key.ek_client'] });
  await open(tap.url('/azure/myres/openai/v1/realtime?api-key=client&model=m'), { headers });
  const [openai, azure] = upstream.handshakes;
  expect(openai?.headers).toMatchObject({ authorization: 'Bearer sk-operator', 'sec-websocket-protocol': 'realtime' });
  expect(openai?.headers).not.toHaveProperty('api-key');
  expect(azure?.headers).toMatchObject({ 'api-key': 'sk-operator' });
  expect(azure?.headers).not.toHaveProperty('authorization');
  expect(azure?.url).toBe('/openai/v1/realtime?model=m');
});

test.each([
  ['no key', {}, '/v1/realtime', 401, 'DS_TAP_KEY_MISSING'],
  ['a wrong key', { headers: { 'x-deltascope-key': 'firs' } }, '/v1/realtime', 401, 'DS_TAP_KEY_WRONG'],
  ['a wrong key in the query', {}, '/v1/realtime?ds_key=x', 401, 'DS_TAP_KEY_WRONG'],
  ['a wrong key as subprotocol', { protocols: ['realtime', 'deltascope-key.x'] }, '/v1/realtime', 401, 'DS_TAP_KEY_WRONG'],
  [
    'another origin',
    { origin: 'https://evil.example', headers: { 'x-deltascope-key': 'first' } },
    '/v1/realtime',
    403,
    'DS_TAP_ORIGIN_REFUSED',
  ],
  [
    'another host',
    { headers: { host: 'evil.example:4100', 'x-deltascope-key': 'first' } },
    '/v1/realtime',
    403,
    'DS_TAP_HOST_REFUSED',
  ],
  ['an unknown path', { headers: { 'x-deltascope-key': 'first' } }, '/v1/files', 404, 'DS_TAP_PATH_UNKNOWN'],
  ['an unknown upstream', { headers: { 'x-deltascope-key': 'first' } }, '/up/nobody/v1/realtime', 404, 'DS_TAP_UPSTREAM_UNKNOWN'],
  [
    'an upstream that is no Azure',
    { headers: { 'x-deltascope-key': 'first' } },
    '/azure/xai/openai/realtime',
    404,
    'DS_TAP_UPSTREAM_UNKNOWN',
  ],
])('a handshake with %s is refused and reaches no provider', async (_what, options, path, status, code) => {
  await setUp({}, { key: 'sk-operator', gate: { captureKeys: ['first'], allowedOrigins: ['https://good.example'] } });
  const answer = await connect(tap.url(path), options);
  expect(answer).toMatchObject({ how: 'refused', status });
  expect(answer.how === 'refused' && codeOf(answer.body)).toBe(code);
  const plain = await fetch(tap.httpUrl('/v1/models'), {
    headers: { origin: 'https://evil.example', 'x-deltascope-key': 'first' },
  });
  expect(plain.status).toBe(403);
  expect(upstream.handshakes).toHaveLength(0);
});

test.each([
  ['header', { headers: { 'x-deltascope-key': 'first' } }, '/v1/realtime'],
  ['query', {}, '/v1/realtime?ds_key=first'],
  ['subprotocol', { protocols: ['realtime', 'deltascope-key.first'] }, '/v1/realtime'],
  ['listed origin', { origin: 'https://good.example', headers: { 'x-deltascope-key': 'first' } }, '/v1/realtime'],
  ['listed host', { headers: { host: 'tap.example', 'x-deltascope-key': 'first' } }, '/v1/realtime'],
])('a capture key is taken from the %s', async (_what, options, path) => {
  await setUp({}, { gate: { captureKeys: ['first'], allowedOrigins: ['https://good.example'], allowedHosts: ['tap.example'] } });
  await open(tap.url(path), options);
  expect(JSON.stringify(upstream.handshakes[0]?.rawHeaders)).not.toMatch(/deltascope|first/);
});

test('a tap that holds a key and has no capture keys serves nobody, and says what to set', async () => {
  await setUp({}, { key: 'sk-operator' });
  const answer = await connect(tap.url('/v1/realtime'));
  expect(answer).toMatchObject({ status: 403 });
  expect(answer.how === 'refused' && codeOf(answer.body)).toBe('DS_TAP_KEYS_UNSET');
  expect((await fetch(tap.httpUrl('/v1/models'))).status).toBe(403);
  await open(tap.url('/up/xai/v1/realtime'));
});

test('a handshake that is none is refused before the provider is asked', async () => {
  await setUp();
  for (const line of ['Sec-WebSocket-Version: 7', 'Sec-WebSocket-Key: short', 'Sec-WebSocket-Protocol: a b']) {
    const head = `GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${line}\r\n`;
    const rest = line.includes('Key') ? 'Sec-WebSocket-Version: 13\r\n' : `Sec-WebSocket-Key: ${'A'.repeat(22)}==\r\n`;
    const version = line.includes('Protocol') ? 'Sec-WebSocket-Version: 13\r\n' : '';
    expect(await rawRequest(`${head}${rest}${version}\r\n`)).toContain('DS_TAP_HANDSHAKE_INVALID');
  }
  expect(upstream.handshakes).toHaveLength(0);
});

test.each([
  'http://evil.example/v1/models',
  '//evil.example/v1/models',
  '/up/xai//evil.example/',
  '/v1/../secret',
  '/up/xai/../../v1/models',
  '/v1/%2e%2e/secret',
  '/v1/..%2fsecret',
  '/up/xai/%2F%2Fevil.example',
  '/v1/\\\\evil.example',
  '/v1/%5c%5cevil.example',
  '/v1/%252e%252e/x',
  '/v1/./models',
  '*',
])('the tap is no open proxy: %s is refused', async (target) => {
  let reached = 0;
  await setUp({ onRequest: (_request, response) => void response.end(String(++reached)) });
  for (const upgrade of [
    '',
    `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n`,
  ]) {
    const answer = await rawRequest(
      `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${upgrade}Connection: ${upgrade ? 'Upgrade' : 'close'}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('DS_TAP_PATH_REFUSED');
  }
  expect([reached, upstream.handshakes.length]).toEqual([0, 0]);
});

test('the tap is no open proxy: CONNECT is refused', async () => {
  await setUp();
  expect(await rawRequest('CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n')).toContain('DS_TAP_PATH_REFUSED');
});

test('an upgrade to something else than WebSocket is answered as an ordinary request', async () => {
  await setUp({ onRequest: (request, response) => void response.end(`plain ${request.url}`) });
  const answer = await rawRequest(
    'GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n',
    'plain',
  );
  expect(answer).toContain('plain /v1/models');
});

test('a client that leaves while the provider is dialled leaves nothing behind', async () => {
  await setUp({
    onUpgrade(request, socket) {
      setTimeout(() => socket.destroy(), request.url ? 200 : 0);
      return true;
    },
  });
  const client = new WebSocket(tap.url('/v1/realtime'));
  client.on('error', () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  client.terminate();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await (await fetch(tap.httpUrl('/metrics'))).text()).match(/sessions_open.* (\d+)/)?.[1]).toBe('0');
});

/** Sends bytes and returns what came back, until the connection ends or `until` was seen. */
async function rawRequest(text: string, until?: string): Promise<string> {
  const socket = createConnection(tap.port, '127.0.0.1');
  await once(socket, 'connect');
  let answer = '';
  return new Promise((resolve, reject) => {
    const done = (): void => {
      resolve(answer);
      socket.destroy();
    };
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
      if (until !== undefined && answer.includes(until)) done();
    });
    socket.once('end', done).once('close', done).once('error', reject);
    socket.write(text);
  });
}
