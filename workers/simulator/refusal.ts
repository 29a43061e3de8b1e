import type { JsonObject } from '#lib/base/json.ts';

/** Why the provider does not do what a client event asks for: the inner part of the protocol's `error` event. */
export interface Refusal {
  readonly type: 'invalid_request_error' | 'server_error';
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
}

/** A refusal of a request that cannot be carried out. */
export function refuse(code: string, message: string, param: string | null = null): Refusal {
  return { type: 'invalid_request_error', code, message, param };
}

/** Whether a step ended in a refusal rather than in its result. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'code' in value && 'param' in value && 'message' in value;
}

/** The `error` event for a refusal; `causedBy` is the client's own `event_id`, null where it gave none. */
export function errorEvent(refusal: Refusal, causedBy: string | null): JsonObject {
  return { type: 'error', error: { ...refusal, event_id: causedBy } };
}
