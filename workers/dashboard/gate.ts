import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { ErrorCode } from '#lib/base/errors.ts';
import { isKnownHost, isLoopback } from '#workers/shared/network-guard.ts';
import { PasswordCheck } from './password.ts';

export interface GateOptions {
  /** Address that the dashboard listens on. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly password: string | undefined;
}

/** Whether a request may come in, and if not, why. */
export type Admission =
  | { readonly ok: true; readonly setCookie: string | null }
  | { readonly ok: false; readonly status: number; readonly code: ErrorCode; readonly headers: Readonly<Record<string, string>> };

/** Decides about every request before anything else looks at it. */
export interface Gate {
  /** Pages and API: `Host`, `Origin` of what changes something, password. */
  admit(request: IncomingMessage): Admission;
  /** Live sockets: the same, and the `Origin` in any case, because browsers open sockets to foreign origins unasked. */
  admitSocket(request: IncomingMessage): Admission;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const ADMITTED: Admission = { ok: true, setCookie: null };

export function makeGate(options: GateOptions): Gate {
  const passwordCheck = options.password === undefined ? null : new PasswordCheck(options.password);
  const judge = (request: IncomingMessage, isOriginBound: boolean): Admission => {
    if (!isOurHost(request.headers.host, options)) return refuse(421, 'DS_DASHBOARD_UNKNOWN_HOST');
    if (isOriginBound && isForeign(request)) return refuse(403, 'DS_DASHBOARD_FOREIGN_ORIGIN');
    return passwordCheck === null ? ADMITTED : judgePassword(request, passwordCheck);
  };
  return {
    admit: (request) => judge(request, !SAFE_METHODS.has(request.method ?? '')),
    admitSocket: (request) => judge(request, true),
  };
}

/**
 * Loopback names, listed names and the bound address are ours. Beyond loopback any literal address is too: a name pointed here
 * by a foreign DNS is never an address.
 */
function isOurHost(header: string | undefined, { host, allowedHosts }: GateOptions): boolean {
  if (isKnownHost(header, [...allowedHosts, host])) return true;
  if (isLoopback(host) || header === undefined) return false;
  const name = header.replace(/:\d*$/, '').replace(/^\[|\]$/g, '');
  return isIP(name) !== 0;
}

/** Whether a browser says that the request comes from another site's page. Programs other than browsers say nothing. */
function isForeign({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  if (headers.origin === undefined) return false;
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host?.toLowerCase();
}

function judgePassword(request: IncomingMessage, check: PasswordCheck): Admission {
  const { authorization, cookie } = request.headers;
  const verdict = check.judge({ address: request.socket.remoteAddress ?? '', authorization, cookie });
  switch (verdict) {
    case 'pass':
      return ADMITTED;
    case 'fresh':
      return { ok: true, setCookie: check.makeCookie() };
    case 'too_many':
      return refuse(429, 'DS_DASHBOARD_TOO_MANY_ATTEMPTS', { 'retry-after': '60' });
    case 'unauthorized':
      return refuse(401, 'DS_DASHBOARD_UNAUTHORIZED', { 'www-authenticate': 'Basic realm="Deltascope", charset="UTF-8"' });
  }
}

function refuse(status: number, code: ErrorCode, headers: Readonly<Record<string, string>> = {}): Admission {
  return { ok: false, status, code, headers };
}
