import type { WallMicros } from '#lib/base/brand.ts';
import type { ImportedMessage } from './imported-message.ts';

/** How the times of a session count; see `CaptureMeta.clock`. */
export type SessionClock = 'wall' | 'relative' | 'none';

/** The clock of a session, by the first of its messages that has a time. */
export function sessionClock(messages: readonly ImportedMessage[]): SessionClock {
  return messages.find((message) => message.time !== null)?.time?.clock ?? 'none';
}

/** The time of a message on its session's clock; a time on another clock is unknown here. */
export function timeOn(clock: SessionClock, message: ImportedMessage): WallMicros | null {
  return message.time?.clock === clock ? (message.time.micros as WallMicros) : null;
}
