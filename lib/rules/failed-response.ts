import type { ResponseEnding } from '#lib/session/response-ending.ts';
import { readStreamFailure } from '#lib/session/response-ending.ts';
import { asSentence } from './as-sentence.ts';
import { entryOf, withEntry, withoutEntry } from './bounded-record.ts';
import { responseOutcome, TERMINAL_TYPES } from './response-outcome.ts';
import type { EventInput, Finding, Rule, Step } from './rule.ts';
import { ownerOf } from './stream-parts.ts';

/**
 * Flags a response that the provider ended as failed: an application that does not look at its status hears silence.
 * A Responses stream may also end with a bare `error` in place of its terminal event, or before it.
 */

type State = {
  /** The response that is open on each lane of a Responses stream. */
  open: { [lane: string]: string };
};

type Options = Record<string, never>;

export const failedResponse: Rule<State, Options> = {
  meta: {
    id: 'failed-response',
    version: 3,
    severity: 'high',
    consumes: ['response.created', 'error', ...TERMINAL_TYPES],
    options: {},
    texts: {
      default: {
        title: 'Response failed: {errorCode}',
        why: '{errorMessage} The failure is told in the status of the response, usually without a separate error event. An application that checks neither waits in silence.',
        fix: 'Look at the status of every response: `response.status_details.error` of `response.done`, in a Responses stream `response.error` of `response.failed`. Retry once with back-off; for quota and rate limits wait first.',
      },
      stream: {
        title: 'Response failed: {errorCode}',
        why: '{errorMessage} The stream ended with an `error` event in the middle of the response; what came before it is all there is.',
        fix: 'Treat a bare `error` like `response.failed`. Retry once with back-off; for quota and rate limits wait first.',
      },
    },
  },
  init: () => ({ open: {} }),
  step(state, input) {
    if (input.kind !== 'event') return { state: input.kind === 'gap' ? { open: {} } : state };
    return follow(state, input);
  },
};

function follow(state: State, input: EventInput): Step<State> {
  const { event } = input;
  const lane = event.entry?.group === 'responses' ? ownerOf(event) : null;
  if (event.canonicalType === 'response.created') {
    const { responseId } = event.keys;
    return { state: lane === null || responseId === null ? state : { open: withEntry(state.open, lane, responseId) } };
  }
  const rest = lane === null ? state : { open: withoutEntry(state.open, lane) };
  if (event.canonicalType === 'error') {
    const responseId = lane === null ? undefined : entryOf(state.open, lane);
    const failure = readStreamFailure(event);
    if (responseId === undefined || failure === null) return { state };
    return { state: rest, findings: [toFinding(input, responseId, failure, 'stream')] };
  }
  const outcome = responseOutcome(event);
  if (outcome?.status !== 'failed') return { state: rest };
  return { state: rest, findings: [toFinding(input, outcome.responseId, outcome, 'default')] };
}

function toFinding({ seq, at }: EventInput, responseId: string | null, ending: ResponseEnding, variant: string): Finding {
  const values = {
    responseId,
    errorCode: ending.errorCode ?? 'no code given',
    errorMessage: ending.errorMessage === null ? 'The provider gave no message.' : asSentence(ending.errorMessage),
  };
  return { key: responseId ?? `at ${seq}`, variant, evidence: [seq], at, values };
}
