import { randomBytes } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { isAPIError } from 'better-auth/api';
import { authSecret } from '#lib/store/auth-secret.ts';
import { AUTH_MODELS, authTables } from '#lib/store/auth-tables.ts';
import type { Store } from '#lib/store/connect.ts';
import { deleteExpiredSignIns } from '#lib/store/delete-expired-sign-ins.ts';
import { COOKIE_PREFIX } from '#workers/shared/network-guard.ts';

/** The one account there is; users of their own come later. Its name is nowhere asked for. */
const EMAIL = 'operator@deltascope.invalid';
const SESSION_SECONDS = 7 * 24 * 60 * 60;
/** How long a session that was found valid is taken for valid without asking the database. */
const TRUST_MS = 10_000;
const MAX_TRUSTED = 1000;

/** The operator's account and its sessions. Made only where a password is set. */
export interface Operator {
  /** The `Set-Cookie` headers of a new session, or null where the password is wrong. */
  signIn(password: string, headers: Headers): Promise<readonly string[] | null>;
  /** Whether a request's cookies hold a valid session. */
  isSignedIn(cookie: string | undefined): Promise<boolean>;
  /** Ends the session of these cookies; gives the `Set-Cookie` headers that remove them. */
  signOut(cookie: string): Promise<readonly string[]>;
}

/** Opens the account on first use: a database that is not there yet must not keep the dashboard from starting. */
export function openOperator(store: Store, password: string): Operator {
  let opening: Promise<Auth> | null = null;
  const open = () => {
    opening ??= prepare(store, password).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  const trusted = new TrustedCookies();
  return {
    async signIn(given, headers) {
      const auth = await open();
      await deleteExpiredSignIns(store);
      return setCookies(auth.api.signInEmail({ body: { email: EMAIL, password: given }, headers, returnHeaders: true }));
    },
    async isSignedIn(cookie) {
      if (cookie === undefined || !cookie.includes(`${COOKIE_PREFIX}.`)) return false;
      if (trusted.has(cookie)) return true;
      const auth = await open();
      const { epoch } = trusted;
      const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
      if (found !== null) trusted.add(cookie, epoch);
      return found !== null;
    },
    async signOut(cookie) {
      const auth = await open();
      const cookies = await setCookies(auth.api.signOut({ headers: new Headers({ cookie }), returnHeaders: true }));
      trusted.clear();
      return cookies ?? [];
    },
  };
}

type Auth = ReturnType<typeof makeAuth>;

function makeAuth(store: Store, secret: string) {
  return betterAuth({
    appName: 'Deltascope',
    // Cookies depend on it, addresses do not: no link is ever made of it.
    baseURL: 'http://localhost',
    secret,
    database: authTables(store),
    user: { modelName: AUTH_MODELS.user },
    session: { modelName: AUTH_MODELS.session, expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    account: { modelName: AUTH_MODELS.account },
    verification: { modelName: AUTH_MODELS.verification },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 1, maxPasswordLength: 1024 },
    advanced: { cookiePrefix: COOKIE_PREFIX, defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' } },
    // Attempts are counted by the gate, which knows the peer's address.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });
}

/** Makes the account where there is none. A password other than last time replaces the old one and ends all sessions. */
async function prepare(store: Store, password: string): Promise<Auth> {
  const auth = makeAuth(store, await authSecret(store, randomBytes(32).toString('base64url')));
  const { internalAdapter, password: hashing } = await auth.$context;
  const found = await internalAdapter.findUserByEmail(EMAIL, { includeAccounts: true });
  const user =
    found?.user ??
    (await internalAdapter.createUser({ name: 'Operator', email: EMAIL, emailVerified: true }, { method: 'admin' }));
  const hash = found?.accounts.find((account) => account.providerId === 'credential')?.password ?? null;
  if (hash !== null && (await hashing.verify({ hash, password }))) return auth;
  const fresh = await hashing.hash(password);
  if (hash === null)
    await internalAdapter.linkAccount({ userId: user.id, providerId: 'credential', accountId: user.id, password: fresh });
  else await internalAdapter.updatePassword(user.id, fresh);
  await internalAdapter.deleteUserSessions(user.id);
  return auth;
}

/** The cookies that a call sets; null where it refuses. */
async function setCookies(call: Promise<{ readonly headers: Headers }>): Promise<readonly string[] | null> {
  try {
    return (await call).headers.getSetCookie();
  } catch (error) {
    if (isAPIError(error)) return null;
    throw error;
  }
}

/** Cookies found valid a moment ago: a page with its scripts and sockets asks once. */
class TrustedCookies {
  readonly #until = new Map<string, number>();
  #epoch = 0;

  /** What was found valid in an earlier epoch may have been ended meanwhile. */
  get epoch(): number {
    return this.#epoch;
  }

  has(cookie: string): boolean {
    return (this.#until.get(cookie) ?? 0) > Date.now();
  }

  add(cookie: string, epoch: number): void {
    if (epoch !== this.#epoch) return;
    if (this.#until.size >= MAX_TRUSTED) this.#until.clear();
    this.#until.set(cookie, Date.now() + TRUST_MS);
  }

  clear(): void {
    this.#epoch += 1;
    this.#until.clear();
  }
}
