import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { postMessage } from './post-message.ts';

/** What the name service says, question by question; the last answer stays. */
const names = vi.hoisted(() => ({ answers: [] as LookupAddress[][], asked: 0 }));
vi.mock('node:dns/promises', () => ({
  lookup: async () => names.answers[Math.min(names.asked++, names.answers.length - 1)],
}));

let server: Server;
let hosts: (string | undefined)[];

beforeAll(async () => {
  server = createServer((request, response) => {
    hosts.push(request.headers.host);
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());
beforeEach(() => {
  hosts = [];
  names.asked = 0;
});

const at = (...addresses: string[]) => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const post = (allowPrivate: boolean, host = 'hooks.example') =>
  postMessage({
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    body: '{}',
    headers: {},
    allowPrivate,
    signal: AbortSignal.timeout(10_000),
  });

test.each([
  ['a private address', at('127.0.0.1')],
  ['a public and a private one', at('8.8.8.8', '10.0.0.1')],
  ['an IPv4 address in an IPv6 one', at('::ffff:127.0.0.1')],
  ['an IPv4 address behind NAT64', at('64:ff9b::7f00:1')],
  ['the carrier’s own network', at('100.64.0.1')],
  ['a unique local address', at('fd00::1')],
  ['nothing', []],
])('a name that leads to %s is refused', async (_what, answer) => {
  names.answers = [answer];
  await expect(post(false)).rejects.toMatchObject({ code: 'DS_ALERTS_ADDRESS_REFUSED' });
  expect(hosts).toEqual([]);
});

test('the connection goes to the address that was checked, whatever the name says a moment later', async () => {
  names.answers = [at('127.0.0.1'), at('192.0.2.1')];
  expect(await post(true)).toMatchObject({ status: 204 });
  expect(names.asked).toBe(1);
  expect(hosts[0]).toMatch(/^hooks\.example:/);
});

test('an address in the URL is not looked up', async () => {
  expect(await post(true, '127.0.0.1')).toMatchObject({ status: 204 });
  await expect(post(false, '[::1]')).rejects.toMatchObject({ code: 'DS_ALERTS_ADDRESS_REFUSED' });
  expect(names.asked).toBe(0);
});
