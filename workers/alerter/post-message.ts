import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { isPublicAddress } from '#lib/alerts/address.ts';
import { DeltascopeError } from '#lib/base/errors.ts';

/** What a receiver answered. */
export interface PostAnswer {
  readonly status: number;
  /** Its header `Retry-After`, as it stands. */
  readonly retryAfter: string | undefined;
}

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
 * @throws DeltascopeError DS_ALERTS_ADDRESS_REFUSED
 */
export async function postMessage({ url, body, headers, allowPrivate, signal }: PostOptions): Promise<PostAnswer> {
  const target = new URL(url);
  const addresses = await resolve(target.hostname);
  if (!allowPrivate) refusePrivate(addresses);
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const { promise, resolve: settle, reject } = Promise.withResolvers<PostAnswer>();
  const request: ClientRequest = send(target, {
    method: 'POST',
    // A connection of its own: one that is kept might go to an address that was checked for another moment.
    agent: false,
    signal,
    lookup: answerWith(addresses),
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  // More than one may come: a broken connection, then the time that is up.
  request.on('error', reject);
  const take = (response: IncomingMessage) => {
    // What it says is of no interest, and may be endless.
    response.destroy();
    settle({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
  };
  // One that would change the protocol comes by an event of its own; unheard, it would leave the request without an end.
  request.once('response', take).once('upgrade', take);
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
