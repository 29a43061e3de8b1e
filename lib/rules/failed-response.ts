import { responseOutcome, TERMINAL_TYPES } from './response-outcome.ts';
import type { Rule } from './rule.ts';

/** Flags a response that the provider ended as failed: no `error` event comes with it, so an application that listens only to those hears silence. */

type State = Record<string, never>;

type Options = Record<string, never>;

export const failedResponse: Rule<State, Options> = {
  meta: {
    id: 'failed-response',
    version: 1,
    severity: 'high',
    consumes: TERMINAL_TYPES,
    options: {},
    texts: {
      default: {
        title: 'Response failed: {errorCode}',
        why: '{errorMessage} The failure is told only in the status of the response; no error event is sent besides.',
        fix: 'Look at `response.status_details.error` on every `response.done`. Retry once with back-off; for quota and rate limits wait first.',
      },
    },
  },
  init: () => ({}),
  step(state, input) {
    const outcome = input.kind === 'event' ? responseOutcome(input.event) : null;
    if (outcome?.status !== 'failed' || input.kind !== 'event') return { state };
    const { responseId, errorCode, errorMessage } = outcome;
    const values = {
      responseId,
      errorCode: errorCode ?? 'no code given',
      errorMessage: errorMessage === null ? 'The provider gave no message.' : asSentence(errorMessage),
    };
    return { state, findings: [{ key: responseId, evidence: [input.seq], at: input.at, values }] };
  },
};

function asSentence(message: string): string {
  return /[.!?]$/.test(message.trimEnd()) ? message : `${message}.`;
}
