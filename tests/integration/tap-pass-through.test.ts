import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { TestTap } from '#tests/support/tap.ts';
import { startTestTap } from '#tests/support/tap.ts';
import type { FakeUpstream, FakeUpstreamOptions } from '#tests/support/upstream.ts';
import { MessageHash, startUpstream } from '#tests/support/upstream.ts';

let upstream: FakeUpstream;
let tap: TestTap;

afterEach(async () => {
  await tap.drop();
  await upstream.close();
});

async function setUp(
  onRequest: NonNullable<FakeUpstreamOptions['onRequest']>,
  limits: { dialTimeoutMs?: number } = {},
): Promise<void> {
  upstream = await startUpstream({ onRequest });
  tap = await startTestTap({
    upstreams: { openai: { kind: 'openai', url: upstream.url }, myres: { kind: 'azure-openai', url: upstream.url } },
    limits,
  });
}

test('a request passes with method, path, query, headers and body; so does its answer', async () => {
  await setUp(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    response.writeHead(201, { 'x-request-id': 'req_1', location: '/openai/v1/realtime/calls/rtc_1' });
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
  });
  const answer = await fetch(tap.httpUrl('/azure/myres/openai/v1/realtime/calls?webrtcfilter=on&ds_tags=a'), {
    method: 'POST',
    body: 'v=0 offer',
    headers: { 'content-type': 'application/sdp', authorization: 'Bearer ek_1', 'x-deltascope-tags': 'a=b' },
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('location')).toBe('/azure/myres/openai/v1/realtime/calls/rtc_1');
  expect(answer.headers.get('x-request-id')).toBe('req_1');
  const seen = (await answer.json()) as { headers: Record<string, string> };
  expect(seen).toMatchObject({ method: 'POST', url: '/openai/v1/realtime/calls?webrtcfilter=on', body: 'v=0 offer' });
  expect(seen.headers).toMatchObject({
    authorization: 'Bearer ek_1',
    host: `127.0.0.1:${upstream.port}`,
    'content-type': 'application/sdp',
  });
  expect(seen.headers).not.toHaveProperty('x-deltascope-tags');
});

test('an answer that streams arrives piece by piece', async () => {
  const pieces: (() => void)[] = [];
  await setUp((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    pieces.push(
      () => response.write('data: 1\n\n'),
      () => response.end('data: 2\n\n'),
    );
  });
  const answer = await fetch(tap.httpUrl('/v1/responses'), { method: 'POST', body: '{}' });
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  pieces[0]?.();
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('data: 1\n\n');
  pieces[1]?.();
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('data: 2\n\n');
  expect((await reader.read()).done).toBe(true);
});

test('large bodies pass unaltered both ways', async () => {
  await setUp((request, response) => void request.pipe(response));
  const body = Buffer.alloc(8 * 1024 ** 2, 'deltascope');
  const answer = Buffer.from(await (await fetch(tap.httpUrl('/v1/files'), { method: 'POST', body })).arrayBuffer());
  const [sent, received] = [new MessageHash(), new MessageHash()];
  sent.add(body, true);
  received.add(answer, true);
  expect(received.digest()).toBe(sent.digest());
});

test('redirects are passed on and not followed', async () => {
  let requests = 0;
  await setUp((_request, response) => {
    requests += 1;
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
  });
  const answer = await fetch(tap.httpUrl('/v1/files/1/content'), { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location'), requests]).toEqual([302, 'http://169.254.169.254/latest/meta-data', 1]);
});

test('an answer that breaks off breaks off for the client too', async () => {
  await setUp((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setTimeout(() => response.destroy(), 20);
  });
  const answer = await fetch(tap.httpUrl('/v1/models'));
  await expect(answer.text()).rejects.toThrow();
});

test('a client that leaves ends the provider’s work', async () => {
  let gone: Promise<unknown> = Promise.resolve();
  await setUp((_request, response) => {
    response.writeHead(200);
    response.write('first');
    gone = once(response, 'close');
  });
  const outgoing = requestHttp(tap.httpUrl('/v1/responses'));
  outgoing.on('error', () => undefined).end();
  await once(outgoing, 'response');
  outgoing.destroy();
  await gone;
});

test('a provider that cannot be reached is a 502 with a code', async () => {
  upstream = await startUpstream();
  tap = await startTestTap({ upstreams: { openai: { kind: 'openai', url: 'http://127.0.0.1:1' } } });
  const answer = await fetch(tap.httpUrl('/v1/models'));
  expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'DS_TAP_UPSTREAM_UNREACHABLE' } }]);
});

test('unknown paths get a 404 that says what there is', async () => {
  await setUp((_request, response) => void response.end());
  const answer = await fetch(tap.httpUrl('/favicon.ico'));
  expect([answer.status, await answer.json()]).toMatchObject([
    404,
    { error: { code: 'DS_TAP_PATH_UNKNOWN', action: expect.stringContaining('/up/NAME/') } },
  ]);
});

test('health, readiness and metrics answer', async () => {
  await setUp((_request, response) => void response.end());
  expect((await fetch(tap.httpUrl('/healthz'))).status).toBe(200);
  const ready = await fetch(tap.httpUrl('/readyz'));
  expect([ready.status, await ready.json()]).toMatchObject([200, { ready: true, parts: { relay: 'ok', spool: 'room' } }]);
  const metrics = await (await fetch(tap.httpUrl('/metrics'))).text();
  for (const name of [
    'sessions_open',
    'messages_total',
    'bytes_total',
    'lost_messages_total',
    'spool_bytes',
    'writer_lag_seconds',
    'refusals_total',
  ]) {
    expect(metrics).toContain(`deltascope_tap_${name}`);
  }
});
