import { createHash, timingSafeEqual } from 'node:crypto';
import type { AttemptLimit } from './attempt-limit.ts';

/** What a request's HTTP Basic header is worth. */
export type Verdict = 'pass' | 'unauthorized' | 'too_many';

/** The parts of a request that matter here. */
export interface Credentials {
  readonly address: string;
  readonly authorization: string | undefined;
}

/** Checks the dashboard's password as programs show it: HTTP Basic with any user name, on each request. People use the login page. */
export class PasswordCheck {
  readonly #password: string;
  readonly #limit: AttemptLimit;

  constructor(password: string, limit: AttemptLimit) {
    this.#password = password;
    this.#limit = limit;
  }

  judge({ address, authorization }: Credentials): Verdict {
    const given = passwordOf(authorization);
    if (given === null) return 'unauthorized';
    if (this.#limit.isBlocked(address)) return 'too_many';
    if (isSameText(given, this.#password)) return 'pass';
    this.#limit.begin(address);
    return 'unauthorized';
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
