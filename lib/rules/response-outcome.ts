import { numberAt, objectAt, stringAt } from '#lib/base/json.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';

/** Canonical types that end a response, in Realtime and in the Responses stream. */
export const TERMINAL_TYPES: readonly string[] = [
  'response.done',
  'response.completed',
  'response.incomplete',
  'response.failed',
];

/** How a response ended, whatever the dialect. */
export interface ResponseOutcome {
  readonly responseId: string;
  /** completed, cancelled, failed, incomplete; as the provider says it. */
  readonly status: string;
  /** e.g. turn_detected, max_output_tokens. */
  readonly reason: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly outputTokens: number;
  readonly totalTokens: number;
}

/** Reads a terminal event; null for any other event and for one that names no response. */
export function responseOutcome({ canonicalType, body, keys }: DecodedEvent): ResponseOutcome | null {
  if (!TERMINAL_TYPES.includes(canonicalType) || keys.responseId === null) return null;
  const response = objectAt(body, 'response');
  const details = objectAt(response, 'status_details');
  const error = objectAt(details, 'error') ?? objectAt(response, 'error');
  const usage = objectAt(response, 'usage') ?? objectAt(body, 'usage');
  return {
    responseId: keys.responseId,
    status: stringAt(response, 'status') ?? canonicalType.slice('response.'.length),
    reason: stringAt(details, 'reason') ?? stringAt(objectAt(response, 'incomplete_details'), 'reason') ?? null,
    errorCode: stringAt(error, 'code') ?? stringAt(error, 'type') ?? null,
    errorMessage: stringAt(error, 'message') ?? null,
    outputTokens: numberAt(usage, 'output_tokens') ?? 0,
    totalTokens: numberAt(usage, 'total_tokens') ?? 0,
  };
}
