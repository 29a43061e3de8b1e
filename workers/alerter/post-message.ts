import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { isPublicAddress } from '#lib/alerts/address.ts';
import { DeltascopeError } from '#lib/base/errors.ts';

export interface PostOptions {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether private, loopback and link-local addresses may be written to. */
  readonly allowPrivate: boolean;
  readonly signal: AbortSignal;
}

/**
 * Posts to an address that was checked: the name is resolved once, every answer is checked, and the connection goes to exactly these
 * addresses, so that a name cannot point elsewhere a moment later. A redirect is an answer like any other.
 * @returns the status
 * @throws DeltascopeError DS_ALERTS_ADDRESS_REFUSED
 */
export async function postMessage({ url, body, headers, allowPrivate, signal }: PostOptions): Promise<number> {
  const target = new URL(url);
  const addresses = await resolve(target.hostname);
  if (!allowPrivate) refusePrivate(addresses);
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const { promise, resolve: settle, reject } = Promise.withResolvers<number>();
  const request: ClientRequest = send(target, {
    method: 'POST',
    // A connection of its own: one that is kept might go to an address that was checked for another moment.
    agent: false,
    signal,
    lookup: answerWith(addresses),
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  request.once('error', reject);
  request.once('response', (response: IncomingMessage) => {
    // What it says is of no interest, and may be endless.
    response.destroy();
    settle(response.statusCode ?? 0);
  });
  request.end(body);
  return promise;
}

async function resolve(hostname: string): Promise<readonly LookupAddress[]> {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(literal);
  return family === 0 ? lookup(hostname, { all: true }) : [{ address: literal, family }];
}

function refusePrivate(addresses: readonly LookupAddress[]): void {
  if (addresses.length > 0 && addresses.every(({ address }) => isPublicAddress(address))) return;
  throw new DeltascopeError('DS_ALERTS_ADDRESS_REFUSED', 'The channel’s address is not one of the public internet.');
}

function answerWith(addresses: readonly LookupAddress[]): LookupFunction {
  const [first] = addresses;
  return (_hostname, options, callback) => {
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}
