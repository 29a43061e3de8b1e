import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AttemptLimit } from './attempt-limit.ts';
import { addressOf, LOGIN_PAGE, pathOf, SIGN_IN_PATH, SIGN_OUT_PATH } from './gate.ts';
import type { Operator } from './operator.ts';

/** What the login page's forms need. */
export interface SignInParts {
  readonly operator: Operator;
  readonly limit: AttemptLimit;
  /** Called when a session has been ended. */
  readonly onSignOut: () => void;
}

/** More than a password and an address need. */
const MAX_FORM_BYTES = 16 * 1024;

/**
 * Takes the forms of the login page and of the button that logs out: plain HTML forms, so that they work before and without scripts.
 * False where the request is neither.
 */
export async function handleSignIn(request: IncomingMessage, response: ServerResponse, parts: SignInParts): Promise<boolean> {
  if (request.method !== 'POST') return false;
  if (pathOf(request) === SIGN_IN_PATH) await signIn(request, response, parts);
  else if (pathOf(request) === SIGN_OUT_PATH) await signOut(request, response, parts);
  else return false;
  return true;
}

async function signIn(request: IncomingMessage, response: ServerResponse, { operator, limit }: SignInParts): Promise<void> {
  const address = addressOf(request);
  const form = await readForm(request);
  const from = ownPath(form?.get('from') ?? null);
  if (limit.isBlocked(address)) return send(response, tryAgain(from, 'wait'));
  limit.begin(address);
  const cookies = await operator.signIn(form?.get('password') ?? '', agentOf(request)).catch(() => 'unreachable' as const);
  if (cookies === null) return send(response, tryAgain(from, 'wrong'));
  limit.forgive(address);
  if (cookies === 'unreachable') return send(response, tryAgain(from, 'unreachable'));
  send(response, from, securedFor(request, cookies));
}

async function signOut(request: IncomingMessage, response: ServerResponse, { operator, onSignOut }: SignInParts): Promise<void> {
  const cookies = await operator.signOut(request.headers.cookie ?? '').catch(() => null);
  if (cookies === null) return send(response, tryAgain('/', 'unreachable'));
  onSignOut();
  send(response, LOGIN_PAGE, securedFor(request, cookies));
}

/** `See Other`, so that a reload does not send the form again. */
function send(response: ServerResponse, location: string, cookies: readonly string[] = []): void {
  if (cookies.length > 0) response.setHeader('set-cookie', [...cookies]);
  response.writeHead(303, { location, 'cache-control': 'no-store' });
  response.end();
}

function tryAgain(from: string, problem: 'wrong' | 'wait' | 'unreachable'): string {
  return `${LOGIN_PAGE}?${new URLSearchParams({ problem, ...(from === '/' ? {} : { from }) })}`;
}

/** Where to go after logging in: a page of ours, never another site's. */
function ownPath(asked: string | null): string {
  if (asked === null || !URL.canParse(asked, 'http://here.invalid')) return '/';
  const { origin, pathname, search, hash } = new URL(asked, 'http://here.invalid');
  return origin === 'http://here.invalid' && !pathname.startsWith('//') ? pathname + search + hash : '/';
}

/** Behind a proxy that speaks TLS the cookie must never travel without it; on plain loopback a browser would not keep it. */
function securedFor({ headers }: IncomingMessage, cookies: readonly string[]): string[] {
  const isSecure = String(headers['x-forwarded-proto'] ?? '').split(',', 1)[0] === 'https';
  return cookies.map((cookie) => (isSecure && !/;\s*secure/i.test(cookie) ? `${cookie}; Secure` : cookie));
}

/** What is kept of a session's beginning. */
function agentOf({ headers }: IncomingMessage): Headers {
  return new Headers({ 'user-agent': headers['user-agent']?.slice(0, 200) ?? '' });
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_FORM_BYTES) return null;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
