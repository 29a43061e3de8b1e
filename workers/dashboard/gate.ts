import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { ErrorCode } from '#lib/base/errors.ts';
import { isKnownHost, isLoopback } from '#workers/shared/network-guard.ts';
import type { PasswordCheck } from './password.ts';

/** What opens the dashboard where a password is set. */
export interface Lock {
  /** For programs: the password on each request. */
  readonly password: PasswordCheck;
  /** For people: the cookie of a session. */
  isSignedIn(cookie: string | undefined): Promise<boolean>;
}

export interface GateOptions {
  /** Address that the dashboard listens on. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
  /** Null: no password is set. */
  readonly lock: Lock | null;
}

/** Whether a request may come in, and if not, why. */
export type Admission = { readonly ok: true } | Refusal;

/** What is answered instead. */
export interface Refusal {
  readonly ok: false;
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;
}

/** Decides about every request before anything else looks at it. */
export interface Gate {
  /** Pages and API: `Host`, `Origin` of what changes something, session or password. */
  admit(request: IncomingMessage): Promise<Admission>;
  /** Live sockets: the same, and the `Origin` in any case, because browsers open sockets to foreign origins unasked. */
  admitSocket(request: IncomingMessage): Promise<Admission>;
}

export const LOGIN_PAGE = '/login';
export const SIGN_IN_PATH = '/auth/sign-in';
export const SIGN_OUT_PATH = '/auth/sign-out';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const ADMITTED: Admission = { ok: true };
/** What one needs in order to log in, and the scripts and styles that it is made of: nothing of it was recorded. */
const OPEN_PAGES = new Set([LOGIN_PAGE, '/icon.svg']);
const OPEN_FORMS = new Set([SIGN_IN_PATH, SIGN_OUT_PATH]);
const OPEN_FOLDER = '/_next/static/';
/** What could lead out of a folder, however it is written. */
const WAY_OUT = /\.\.|\\|%2e|%2f|%5c/i;
const PROBE_PATHS = new Set(['/healthz', '/readyz']);

export function makeGate(options: GateOptions): Gate {
  const { lock } = options;
  const judge = (request: IncomingMessage, isOriginBound: boolean): Promise<Admission> | Admission => {
    if (!isOurHost(request.headers.host, options)) return refuse(421, 'DS_DASHBOARD_UNKNOWN_HOST');
    if (isOriginBound && isForeign(request)) return refuse(403, 'DS_DASHBOARD_FOREIGN_ORIGIN');
    return lock === null ? ADMITTED : judgeVisitor(request, lock);
  };
  return {
    admit: async (request) => (lock !== null && isOpen(request) ? judgeOpen(request, options) : judge(request, changes(request))),
    admitSocket: async (request) => judge(request, true),
  };
}

function changes(request: IncomingMessage): boolean {
  return !SAFE_METHODS.has(request.method ?? '');
}

/** Open paths ask for no password, but for everything else. */
function judgeOpen(request: IncomingMessage, options: GateOptions): Admission {
  if (!isOurHost(request.headers.host, options)) return refuse(421, 'DS_DASHBOARD_UNKNOWN_HOST');
  return changes(request) && isForeign(request) ? refuse(403, 'DS_DASHBOARD_FOREIGN_ORIGIN') : ADMITTED;
}

function isOpen(request: IncomingMessage): boolean {
  const path = pathOf(request);
  if (PROBE_PATHS.has(path)) return isLocalProbe(request);
  if (changes(request)) return request.method === 'POST' && OPEN_FORMS.has(path);
  return OPEN_PAGES.has(path) || (path.startsWith(OPEN_FOLDER) && !WAY_OUT.test(path));
}

/** The supervisor and a container's health check ask from this machine, and not through a proxy. */
function isLocalProbe({ socket, headers }: IncomingMessage): boolean {
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return !isForwarded && isLoopback(socket.remoteAddress ?? '');
}

/** The path of a request as it stands, without its query. */
export function pathOf({ url }: IncomingMessage): string {
  return (url ?? '/').split(/[?#]/, 1)[0] as string;
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

/**
 * Whether a browser says that the request comes from another site's page. Programs other than browsers say nothing. Forms of our own
 * pages have the origin `null`, because the pages send no referrer; what tells them apart is a header that no page can set.
 */
function isForeign({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  if (headers.origin === undefined || (headers.origin === 'null' && site === 'same-origin')) return false;
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host?.toLowerCase();
}

async function judgeVisitor(request: IncomingMessage, lock: Lock): Promise<Admission> {
  const { authorization, cookie } = request.headers;
  const verdict = lock.password.judge({ address: addressOf(request), authorization });
  if (verdict === 'pass') return ADMITTED;
  const isSignedIn = await lock.isSignedIn(cookie).catch(() => null);
  if (isSignedIn === true) return ADMITTED;
  if (isSignedIn === null) return refuse(503, 'DS_STORE_UNREACHABLE', { 'retry-after': '5' });
  if (verdict === 'too_many') return refuse(429, 'DS_DASHBOARD_TOO_MANY_ATTEMPTS', { 'retry-after': '60' });
  return isPageVisit(request)
    ? refuse(303, 'DS_DASHBOARD_UNAUTHORIZED', { location: loginUrl(request) })
    : askForPassword(request);
}

/** A browser's own dialogue would cover the login page, so only programs are told of HTTP Basic. */
function askForPassword({ headers }: IncomingMessage): Refusal {
  const isBrowser = headers['sec-fetch-mode'] !== undefined || headers.origin !== undefined;
  const challenge = { 'www-authenticate': 'Basic realm="Deltascope", charset="UTF-8"' };
  return refuse(401, 'DS_DASHBOARD_UNAUTHORIZED', isBrowser ? {} : challenge);
}

function isPageVisit({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html');
}

function loginUrl({ url = '/' }: IncomingMessage): string {
  return url === '/' ? LOGIN_PAGE : `${LOGIN_PAGE}?from=${encodeURIComponent(url)}`;
}

/** The peer's address; behind a proxy that is the proxy's. */
export function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '';
}

function refuse(status: number, code: ErrorCode, headers: Readonly<Record<string, string>> = {}): Refusal {
  return { ok: false, status, code, headers };
}
