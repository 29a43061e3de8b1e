import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { EventType } from '#lib/protocol/generated/event-types.ts';
import { readUsage, tellsTokens } from '#lib/protocol/usage.ts';
import type { ResponseEnding } from '#lib/session/response-ending.ts';
import { readEnding } from '#lib/session/response-ending.ts';

/** Canonical types that end a response, in Realtime and in the Responses stream. */
export const TERMINAL_TYPES: readonly EventType[] = [
  'response.done',
  'response.completed',
  'response.incomplete',
  'response.failed',
];

const IS_TERMINAL = new Set<string>(TERMINAL_TYPES);

/** How a response ended, and what it cost. */
export interface ResponseOutcome extends ResponseEnding {
  /** Null where a log left it out. */
  readonly responseId: string | null;
  /** Null where the provider tells no tokens. */
  readonly outputTokens: number | null;
  readonly totalTokens: number | null;
}

/** Reads a terminal event; null for any other event. */
export function responseOutcome(event: DecodedEvent): ResponseOutcome | null {
  if (!IS_TERMINAL.has(event.canonicalType)) return null;
  const usage = tellsTokens(event.body, 'unknown') ? readUsage(event.body, 'unknown') : null;
  return {
    ...readEnding(event),
    responseId: event.keys.responseId,
    outputTokens: usage?.outputTokens ?? null,
    totalTokens: usage?.totalTokens ?? null,
  };
}

/** Whether a response was cut off; some servers report one that speech cut off as incomplete. */
export function isCancelled({ status, reason }: ResponseEnding): boolean {
  return status === 'cancelled' || (status === 'incomplete' && reason === 'turn_detected');
}
