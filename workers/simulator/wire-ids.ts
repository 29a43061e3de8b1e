import { randomBytes } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HEAD = 5;
const LENGTH = 21;

/** What the provider puts before its ids. */
export type WireIdPrefix = 'event' | 'item' | 'resp' | 'sess' | 'conv' | 'req' | 'rtc';

/**
 * An id in the provider's shape: `item_` and 21 base62 characters whose first five grow with time.
 * Never seeded: two calls must not share ids, however often the same scenario is played.
 */
export function makeWireId(prefix: WireIdPrefix): string {
  return `${prefix}_${timeHead()}${randomBase62(LENGTH - HEAD)}`;
}

/** The id of a function call, as the provider makes them. */
export function makeCallId(): string {
  return `call_${randomBase62(16)}`;
}

/** Random base62 text, also used for the `obfuscation` padding of text deltas. */
export function randomBase62(length: number): string {
  return Array.from(randomBytes(length), (byte) => BASE62[byte % 62]).join('');
}

function timeHead(): string {
  let rest = Math.floor(Date.now() / 1000);
  let head = '';
  for (let digit = 0; digit < HEAD; digit += 1) {
    head = BASE62[rest % 62] + head;
    rest = Math.floor(rest / 62);
  }
  return head;
}
