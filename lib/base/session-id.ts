import { randomBytes } from 'node:crypto';
import type { SessionId } from './brand.ts';

const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Makes a UUIDv7 (RFC 9562 §5.7): 48 bits of `nowMs`, 74 random bits. Its text sorts by time,
 * which is what the partitions of the store and the sessions list rely on.
 */
export function makeSessionId(nowMs: number = Date.now()): SessionId {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as SessionId;
}

/** Whether a text from outside is a session id of ours. */
export function isSessionId(text: string): text is SessionId {
  return PATTERN.test(text);
}

/** The lowest session id that a moment can have: what began at or after it sorts at or above. */
export function sessionIdFloor(ms: number): SessionId {
  const hex = Math.min(Math.max(0, Math.floor(ms)), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000` as SessionId;
}
