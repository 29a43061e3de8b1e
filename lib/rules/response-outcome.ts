import { numberAt, objectAt, stringAt } from '#lib/base/json.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { EventType } from '#lib/protocol/generated/event-types.ts';

/** Canonical types that end a response, in Realtime and in the Responses stream. */
export const TERMINAL_TYPES: readonly EventType[] = [
  'response.done',
  'response.completed',
  'response.incomplete',
  'response.failed',
];

const IS_TERMINAL = new Set<string>(TERMINAL_TYPES);

/** How a response ended, whatever the dialect. */
export interface ResponseOutcome {
  /** Null where a log left it out. */
  readonly responseId: string | null;
  /** completed, cancelled, failed, incomplete; as the provider says it. */
  readonly status: string;
  /** e.g. turn_detected, max_output_tokens. */
  readonly reason: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Null where the provider reports no usage. */
  readonly outputTokens: number | null;
  readonly totalTokens: number | null;
}

/** Reads a terminal event; null for any other event. One that does not tell its status tells it by its type, as `response.cancelled` of clones. */
export function responseOutcome({ type, canonicalType, body, keys }: DecodedEvent): ResponseOutcome | null {
  if (!IS_TERMINAL.has(canonicalType)) return null;
  const response = objectAt(body, 'response');
  const details = objectAt(response, 'status_details');
  const error = objectAt(details, 'error') ?? objectAt(response, 'error');
  const usage = usageOf(objectAt(response, 'usage')) ?? usageOf(objectAt(body, 'usage'));
  return {
    responseId: keys.responseId,
    status: stringAt(response, 'status') ?? type.trim().slice('response.'.length),
    reason: stringAt(details, 'reason') ?? stringAt(objectAt(response, 'incomplete_details'), 'reason') ?? null,
    errorCode: stringAt(error, 'code') ?? stringAt(error, 'type') ?? null,
    errorMessage: stringAt(error, 'message') ?? stringAt(details, 'error') ?? stringAt(response, 'status_details') ?? null,
    outputTokens: usage?.outputTokens ?? null,
    totalTokens: usage?.totalTokens ?? null,
  };
}

/** Whether a response was cut off; some servers report one that speech cut off as incomplete. */
export function isCancelled({ status, reason }: ResponseOutcome): boolean {
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
