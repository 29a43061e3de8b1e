import type { JsonObject } from '#lib/base/json.ts';
import { isJsonObject, objectAt } from '#lib/base/json.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import { isResponsesEvent } from './response-table.ts';
import { wireSentence, wireWord } from './wire-text.ts';

/** How a response ended, whatever the dialect. */
export interface ResponseEnding {
  /** completed, cancelled, failed, incomplete; as the provider says it, `unknown` where it does not. */
  readonly status: string;
  /** e.g. turn_detected, max_output_tokens. */
  readonly reason: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

/**
 * Reads the ending that a terminal event tells. Some providers give a text in place of the details: of a failure it is the message, else
 * the reason.
 */
export function readEnding({ type, body }: DecodedEvent): ResponseEnding {
  const response = objectAt(body, 'response') ?? {};
  const status = statusOf(type.trim(), response);
  const given = response['status_details'];
  const details = objectAt(response, 'status_details') ?? objectAt(response, 'incomplete_details');
  const error = objectAt(details, 'error') ?? objectAt(response, 'error');
  const reason = wireWord(details?.['reason']) ?? (status === 'completed' || status === 'failed' ? null : wireWord(given));
  const { errorCode, errorMessage } = readError(error ?? {});
  const text = wireSentence(details?.['error']) ?? (status === 'failed' ? wireSentence(given) : null);
  return { status, reason, errorCode, errorMessage: errorMessage ?? text };
}

/** What the terminal event itself says, else its type (`response.cancelled` of clones); a bare `response.done` does not tell. */
function statusOf(type: string, response: JsonObject): string {
  const said = wireWord(response['status']);
  if (said !== null && said !== 'in_progress' && said !== 'queued') return said;
  return type === 'response.done' ? 'unknown' : type.slice('response.'.length);
}

/**
 * The failure that a bare `error` of a Responses stream tells in place of a terminal event; null for any other event, and for an error with
 * a `status` of its own, which answers a request on the same socket.
 */
export function readStreamFailure(event: DecodedEvent): ResponseEnding | null {
  const { canonicalType, body } = event;
  if (canonicalType !== 'error' || !isResponsesEvent(event)) return null;
  const nested = body['error'];
  if (!isJsonObject(nested)) return { status: 'failed', reason: null, ...readError(body) };
  return body['status'] === undefined ? { status: 'failed', reason: null, ...readError(nested) } : null;
}

function readError(error: JsonObject): Pick<ResponseEnding, 'errorCode' | 'errorMessage'> {
  return {
    errorCode: wireWord(error['code']) ?? wireWord(error['type']),
    errorMessage: wireSentence(error['message']),
  };
}
