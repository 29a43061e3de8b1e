import { isIPv6 } from 'node:net';

/** Wrong passwords that one address may send per window before it has to wait. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Addresses remembered at once; the oldest is forgotten first. */
const MAX_ADDRESSES = 10_000;

/**
 * Counts wrong passwords by address, for both ways of showing one. An attempt counts as wrong from its beginning until it proves right:
 * checking a password takes a while, and a thousand at once must not all be let through meanwhile.
 */
export class AttemptLimit {
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; since: number }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether an address has to wait. */
  isBlocked(address: string): boolean {
    return this.#countOf(address) >= MAX_FAILURES;
  }

  begin(address: string): void {
    const count = this.#countOf(address) + 1;
    const network = networkOf(address);
    const since = this.#failures.get(network)?.since ?? this.#now();
    const oldest = this.#failures.keys().next();
    if (this.#failures.size >= MAX_ADDRESSES && oldest.done !== true) this.#failures.delete(oldest.value);
    this.#failures.set(network, { count, since });
  }

  /** The attempt was no wrong password. */
  forgive(address: string): void {
    const found = this.#failures.get(networkOf(address));
    if (found !== undefined) found.count = Math.max(0, found.count - 1);
  }

  #countOf(address: string): number {
    const network = networkOf(address);
    const found = this.#failures.get(network);
    if (found === undefined) return 0;
    if (this.#now() - found.since < WINDOW_MS) return found.count;
    this.#failures.delete(network);
    return 0;
  }
}

/** Of IPv6 the first four groups: whoever has one address of such a network has all of them. `2001:db8::7` → `2001:db8:0:0`. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
