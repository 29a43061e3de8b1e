import type { IncomingMessage } from 'node:http';
import { COOKIE_PREFIX } from '#workers/shared/network-guard.ts';
import type { Upstream } from './upstreams.ts';

/** Headers as they travel: names in their own case, in their own order, repeated ones kept apart. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The headers of a message without those that concern one hop only. */
export function endToEndHeaders(message: IncomingMessage): HeaderPairs {
  const dropped = new Set(HOP_BY_HOP);
  for (const name of (message.headers.connection ?? '').split(',')) dropped.add(name.trim().toLowerCase());
  return pairsOf(message.rawHeaders).filter(([name]) => !dropped.has(name.toLowerCase()));
}

/** What of a request's headers the provider gets: not ours, not the handshake's own, and its key where the tap holds one. */
export function requestHeadersFor(upstream: Upstream, request: IncomingMessage): Record<string, string | string[]> {
  const kept = endToEndHeaders(request).filter(([name]) => isForUpstream(name.toLowerCase(), upstream));
  return { ...grouped(kept.flatMap(withoutOwnCookies)), ...keyHeader(upstream) };
}

/** A page on this host that uses the tap sends the dashboard's session along. */
function withoutOwnCookies([name, value]: HeaderPairs[number]): HeaderPairs {
  if (name.toLowerCase() !== 'cookie') return [[name, value]];
  const isOurs = (cookie: string): boolean => cookie.trimStart().startsWith(`${COOKIE_PREFIX}.`);
  const kept = value.split(';').filter((cookie) => !isOurs(cookie));
  return kept.length === 0 ? [] : [[name, kept.join(';').trimStart()]];
}

function isForUpstream(name: string, upstream: Upstream): boolean {
  if (name === 'host' || name === 'expect' || name.startsWith('x-deltascope-') || name.startsWith('sec-websocket-')) return false;
  return upstream.key === null || (name !== 'authorization' && name !== 'api-key');
}

function keyHeader({ kind, key }: Upstream): Record<string, string> {
  if (key === null) return {};
  return kind === 'azure-openai' || kind === 'azure-voice-live' ? { 'api-key': key } : { authorization: `Bearer ${key}` };
}

/** What of the provider's handshake answer the client gets, beside what its own handshake needs. */
export function upgradeHeadersFrom(response: IncomingMessage): HeaderPairs {
  return endToEndHeaders(response).filter(([name]) => !/^(sec-websocket-.*|content-length)$/i.test(name));
}

/** Headers as Node's HTTP functions take them, repeated ones as lists. */
export function grouped(pairs: HeaderPairs): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  const caseOf = new Map<string, string>();
  for (const [name, value] of pairs) {
    const key = caseOf.get(name.toLowerCase()) ?? name;
    caseOf.set(name.toLowerCase(), key);
    const before = headers[key];
    headers[key] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] as string, raw[2 * index + 1] as string]);
}

/**
 * Where a redirect or a `Location` points when it goes through the tap again. An address of another origin is passed on as
 * it is: the tap never follows it.
 */
export function locationThroughTap(location: string, mount: string, upstream: Upstream, requested: URL): string {
  const target = URL.parse(location, requested);
  const base = upstream.url.pathname.replace(/\/$/, '');
  if (target?.origin !== upstream.url.origin || !target.pathname.startsWith(`${base}/`)) return location;
  return `${mount}${target.pathname.slice(base.length)}${target.search}${target.hash}`;
}
