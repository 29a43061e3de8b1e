import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Wrong passwords that one address may send per window before it has to wait. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Addresses remembered at once; the oldest is forgotten first. */
const MAX_ADDRESSES = 10_000;

const PASS_COOKIE = 'deltascope_pass';
const PASS_MS = 12 * 60 * 60 * 1000;

/** What a request may do. `fresh`: it showed the password itself, and gets a cookie so that sockets need not. */
export type Verdict = 'pass' | 'fresh' | 'unauthorized' | 'too_many';

/** The parts of a request that matter here. */
export interface Credentials {
  readonly address: string;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/**
 * Checks the dashboard's password: HTTP Basic with any user name, or the cookie that a successful check sets. The cookie exists because
 * not every browser repeats HTTP Basic on a WebSocket; it is signed with the password, so a new password ends it.
 */
export class PasswordCheck {
  readonly #password: string;
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; since: number }>();

  constructor(password: string, now: () => number = Date.now) {
    this.#password = password;
    this.#now = now;
  }

  judge({ address, authorization, cookie }: Credentials): Verdict {
    if (this.#isPassCookie(cookie)) return 'pass';
    if (this.#failuresOf(address) >= MAX_FAILURES) return 'too_many';
    const given = passwordOf(authorization);
    if (given === null) return 'unauthorized';
    if (isSameText(given, this.#password)) return 'fresh';
    this.#countFailure(address);
    return 'unauthorized';
  }

  /** The `Set-Cookie` header that lets a browser in for the next hours. */
  makeCookie(): string {
    const until = this.#now() + PASS_MS;
    return `${PASS_COOKIE}=${until}.${this.#sign(until)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${PASS_MS / 1000}`;
  }

  #isPassCookie(header: string | undefined): boolean {
    const found = /(?:^|;\s*)deltascope_pass=(\d{1,16})\.([\w-]+)/.exec(header ?? '');
    if (found === null) return false;
    const until = Number(found[1]);
    return until > this.#now() && isSameText(found[2] ?? '', this.#sign(until));
  }

  #sign(until: number): string {
    return createHmac('sha256', this.#password).update(`deltascope ${until}`).digest('base64url');
  }

  #failuresOf(address: string): number {
    const found = this.#failures.get(address);
    if (found === undefined) return 0;
    if (this.#now() - found.since < WINDOW_MS) return found.count;
    this.#failures.delete(address);
    return 0;
  }

  #countFailure(address: string): void {
    const count = this.#failuresOf(address) + 1;
    const since = this.#failures.get(address)?.since ?? this.#now();
    const oldest = this.#failures.keys().next();
    if (this.#failures.size >= MAX_ADDRESSES && oldest.done !== true) this.#failures.delete(oldest.value);
    this.#failures.set(address, { count, since });
  }
}

function passwordOf(authorization: string | undefined): string | null {
  const match = /^basic\s+([\w+/=-]+)\s*$/i.exec(authorization ?? '');
  if (match === null) return null;
  const decoded = Buffer.from(match[1] ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? null : decoded.slice(colon + 1);
}

/** Compares in a time that does not depend on where, or by what length, the texts differ. */
function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
