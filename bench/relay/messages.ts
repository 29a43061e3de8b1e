import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';

/**
 * The messages of the bench: JSON of a given size that carries the moment it was sent. `process.hrtime` reads the machine's
 * monotonic clock, which all processes share, so the receiver can subtract.
 */
const HEAD = '{"type":"input_audio_buffer.append","sent_ns":"';
const DIGITS = 20;
const MIDDLE = '","audio":"';
const TAIL = '"}';
const STAMP_AT = HEAD.length;

/** A message of `bytes` bytes, to be stamped before each send. */
export function makeMessage(bytes: number): Buffer {
  const fixed = HEAD.length + DIGITS + MIDDLE.length + TAIL.length;
  return Buffer.from(`${HEAD}${'0'.repeat(DIGITS)}${MIDDLE}${'A'.repeat(Math.max(0, bytes - fixed))}${TAIL}`);
}

/** Writes the present moment into a copy of the message. */
export function stampMessage(message: Buffer): Buffer {
  const stamped = Buffer.from(message);
  stamped.write(process.hrtime.bigint().toString().padStart(DIGITS, '0'), STAMP_AT, 'latin1');
  return stamped;
}

/** Milliseconds since a received message was stamped. */
export function readLatencyMs(message: Buffer, nowNs: bigint): number {
  return Number(nowNs - BigInt(message.toString('latin1', STAMP_AT, STAMP_AT + DIGITS))) / 1e6;
}

/** A running hash over every message of one direction of one session: equal only if all of them are, in the same order. */
export class MessageChain {
  readonly #hash: Hash = createHash('sha256');
  count = 0;

  add(message: Buffer): void {
    this.count += 1;
    this.#hash.update(`${message.length}:`).update(message);
  }

  digest(): string {
    return `${this.count}:${this.#hash.digest('hex')}`;
  }
}
