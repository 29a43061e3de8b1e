import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isKnownHost, isLoopback } from '#workers/shared/network-guard.ts';
import { findQueryValue } from './query.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';
import type { Upstream } from './upstreams.ts';

/** Who may use the tap. */
export interface GateRules {
  readonly captureKeys: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Names, besides loopback ones, that a `Host` header may hold; the address the tap listens on among them. */
  readonly allowedHosts: readonly string[];
}

/** Subprotocol in which a browser, which can set no headers, shows its capture key. */
export const KEY_SUBPROTOCOL = 'deltascope-key.';

/** Refuses requests of web pages that are not listed: by their `Origin`, and by a `Host` that is not this machine (DNS rebinding). */
export function checkSource(request: IncomingMessage, rules: GateRules): Refusal | null {
  if (!isKnownHost(request.headers.host, rules.allowedHosts)) {
    return refuse(403, 'DS_TAP_HOST_REFUSED', 'The tap does not answer to the name in the Host header.');
  }
  const origin = request.headers.origin;
  if (origin !== undefined && !rules.allowedOrigins.includes(origin)) {
    return refuse(403, 'DS_TAP_ORIGIN_REFUSED', 'Web pages of this origin may not use the tap.');
  }
  return null;
}

/** Refuses a handshake that `ws` could not answer, before the provider is asked. */
export function checkHandshake(request: IncomingMessage): Refusal | null {
  const { 'sec-websocket-key': key = '', 'sec-websocket-version': version } = request.headers;
  const offered = offeredSubprotocols(request);
  const isSound =
    /^[+/0-9A-Za-z]{22}==$/.test(key) && version === '13' && offered.every(isToken) && new Set(offered).size === offered.length;
  if (isSound && request.method === 'GET') return null;
  return refuse(400, 'DS_TAP_HANDSHAKE_INVALID', 'This is not a WebSocket handshake of version 13.');
}

function isToken(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name);
}

/** Demands a capture key where keys are configured, and always where the tap would spend the operator's money. */
export function checkKey(request: IncomingMessage, query: string, upstream: Upstream, rules: GateRules): Refusal | null {
  if (rules.captureKeys.length === 0) {
    if (upstream.key === null) return null;
    return refuse(403, 'DS_TAP_KEYS_UNSET', `The tap holds the key of ${upstream.name}, and no capture keys protect it.`);
  }
  return checkShownKey(request, query, rules);
}

/** Figures are for this machine, and for those who may use the tap. */
export function checkFigures(request: IncomingMessage, rules: GateRules): Refusal | null {
  const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  const isLocal = !isForwarded && isLoopback(request.socket.remoteAddress ?? '');
  const isOpen = isLocal || rules.captureKeys.length === 0;
  const query = request.url?.split('?').slice(1).join('?') ?? '';
  return checkSource(request, rules) ?? (isOpen ? null : checkShownKey(request, query, rules));
}

function checkShownKey(request: IncomingMessage, query: string, rules: GateRules): Refusal | null {
  const shown = shownKey(request, query);
  if (shown === null) return refuse(401, 'DS_TAP_KEY_MISSING', 'This tap asks for a capture key.');
  return isKnownKey(shown, rules.captureKeys)
    ? null
    : refuse(401, 'DS_TAP_KEY_WRONG', 'This capture key is not one of the tap’s.');
}

/** The subprotocols that a request offers, in order. */
export function offeredSubprotocols(request: IncomingMessage): string[] {
  const header = request.headers['sec-websocket-protocol'] ?? '';
  return header
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function shownKey(request: IncomingMessage, query: string): string | null {
  const header = request.headers['x-deltascope-key'];
  if (typeof header === 'string') return header;
  const subprotocol = offeredSubprotocols(request).find((name) => name.startsWith(KEY_SUBPROTOCOL));
  return subprotocol?.slice(KEY_SUBPROTOCOL.length) ?? findQueryValue(query, 'ds_key');
}

/** Compares with every key, in the same time whichever matches. */
function isKnownKey(shown: string, keys: readonly string[]): boolean {
  const digest = digestOf(shown);
  let known = false;
  for (const key of keys) known = timingSafeEqual(digestOf(key), digest) || known;
  return known;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
