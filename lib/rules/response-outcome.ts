import { numberAt, objectAt } from '#lib/base/json.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { EventType } from '#lib/protocol/generated/event-types.ts';
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
  /** Null where the provider reports no usage. */
  readonly outputTokens: number | null;
  readonly totalTokens: number | null;
}

/** Reads a terminal event; null for any other event. */
export function responseOutcome(event: DecodedEvent): ResponseOutcome | null {
  const { canonicalType, body, keys } = event;
  if (!IS_TERMINAL.has(canonicalType)) return null;
  const usage = usageOf(objectAt(objectAt(body, 'response'), 'usage')) ?? usageOf(objectAt(body, 'usage'));
  return {
    ...readEnding(event),
    responseId: keys.responseId,
    outputTokens: usage?.outputTokens ?? null,
    totalTokens: usage?.totalTokens ?? null,
  };
}

/** Whether a response was cut off; some servers report one that speech cut off as incomplete. */
export function isCancelled({ status, reason }: ResponseEnding): boolean {
  return status === 'cancelled' || (status === 'incomplete' && reason === 'turn_detected');
}

/** xAI leaves the response's own usage empty and puts it beside; shortened recordings lack the total. */
function usageOf(usage: ReturnType<typeof objectAt>): { outputTokens: number; totalTokens: number } | null {
  const output = numberAt(usage, 'output_tokens');
  const total = numberAt(usage, 'total_tokens');
  if (output === undefined && total === undefined) return null;
  const outputTokens = output ?? 0;
  return { outputTokens, totalTokens: total ?? (numberAt(usage, 'input_tokens') ?? 0) + outputTokens };
}
