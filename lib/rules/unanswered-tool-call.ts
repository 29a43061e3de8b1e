import type { SessionMicros } from '#lib/base/brand.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import type { Finding, Rule, RuleInput, Step } from './rule.ts';

/**
 * Flags a function call that nobody answered, or whose answer was not followed by `response.create`: in both cases the caller hears
 * silence, because a Realtime server never goes on by itself after a tool call.
 *
 * called ──function_call_output──▶ answered ──response.create, response.created──▶ done
 */

type State = { calls: { [callId: string]: Call } };

type Call = {
  name: string | null;
  stage: 'called' | 'answered';
  seqs: number[];
  at: SessionMicros | null;
  /** Whether the conversation went on without it: without times that is the only proof of silence. */
  passedBy: boolean;
};

type Options = { readonly outputWithinMs: number; readonly createWithinMs: number };

export const unansweredToolCall: Rule<State, Options> = {
  meta: {
    id: 'unanswered-tool-call',
    version: 1,
    severity: 'high',
    consumes: [
      'response.output_item.done',
      'conversation.item.create',
      'conversation.item.added',
      'response.create',
      'response.created',
      'error',
    ],
    options: {
      outputWithinMs: { default: 10_000, min: 100, says: 'Milliseconds that a tool may take before its missing output counts.' },
      createWithinMs: { default: 5000, min: 100, says: 'Milliseconds between the output of a tool and `response.create`.' },
    },
    texts: {
      default: {
        title: 'Tool call never answered: {name}',
        why: 'The model called {name} ({callId}) and got no `function_call_output`. It waits; the caller hears silence.',
        fix: 'Send `conversation.item.create` with `{type: "function_call_output", call_id, output}` also where the tool fails or is slow, then `response.create`.',
      },
      malformed: {
        title: 'Tool output refused: {name}',
        why: 'An output for {name} ({callId}) was sent, but the server refused it: {error}. For the model the call is still open.',
        fix: 'The item must be `{type: "function_call_output", call_id: "{callId}", output: "<text>"}`: no role, no content, and `output` a string.',
      },
      idle: {
        title: 'Tool output without response.create: {name}',
        why: 'The output of {name} ({callId}) was sent, but nothing asked the model to go on. It stays silent until the user speaks.',
        fix: 'Send `response.create` after the last output. Where silence is meant, this can be ignored.',
      },
    },
  },
  init: () => ({ calls: {} }),
  step(state, input, options) {
    if (input.kind === 'clock') return wake(state, input.at, options);
    const next = follow(state, input);
    return { state: next, wakeAt: nextWake(next, options) };
  },
  end(state, end, options) {
    return Object.entries(state.calls).flatMap(([callId, call]) => {
      const isOverdue = call.at !== null && end.at !== null && end.at >= deadlineOf(call, options);
      const hasPassed = call.at === null && call.passedBy;
      return isOverdue || hasPassed ? [toFinding(callId, call)] : [];
    });
  },
};

type EventInput = Extract<RuleInput, { kind: 'event' }>;

function follow(state: State, input: EventInput): State {
  switch (input.event.canonicalType) {
    case 'response.output_item.done':
      return called(state, input);
    case 'conversation.item.create':
    case 'conversation.item.added':
      return answered(state, input);
    case 'error':
      return refused(state, input);
    default:
      return wentOn(state, input.event.canonicalType === 'response.created');
  }
}

function called(state: State, { event, seq, at }: EventInput): State {
  const item = objectAt(event.body, 'item');
  const callId = stringAt(item, 'call_id');
  // A cancelled response leaves its call incomplete: nobody is expected to answer that. The Responses stream answers elsewhere.
  const isOpen =
    stringAt(item, 'type') === 'function_call' && stringAt(item, 'status') !== 'incomplete' && event.entry?.group === 'realtime';
  if (!isOpen || callId === undefined) return state;
  const call: Call = { name: stringAt(item, 'name') ?? null, stage: 'called', seqs: [seq], at, passedBy: false };
  return { calls: { ...state.calls, [callId]: call } };
}

/** The output, as the client sent it or as the server echoed it. */
function answered(state: State, { event, seq, at }: EventInput): State {
  const item = objectAt(event.body, 'item');
  const callId = stringAt(item, 'call_id');
  if (stringAt(item, 'type') !== 'function_call_output' || callId === undefined) return state;
  const call = state.calls[callId];
  if (call === undefined || call.stage === 'answered') return state;
  return { calls: { ...state.calls, [callId]: { ...call, stage: 'answered', seqs: [...call.seqs, seq], at, passedBy: false } } };
}

/** The server refused an item that lacks its `call_id`, or whose output is no text: the calls that wait are still open. */
function refused(state: State, { event, seq }: EventInput): State {
  const error = objectAt(event.body, 'error');
  if (!(stringAt(error, 'param') ?? '').startsWith('item.')) return state;
  const calls = Object.entries(state.calls).map(([callId, call]) => [
    callId,
    { ...call, stage: 'called', seqs: [...call.seqs, seq] },
  ]);
  return { calls: Object.fromEntries(calls) as State['calls'] };
}

/** A new response continues all answered calls; those without an answer are passed by. */
function wentOn(state: State, isCreated: boolean): State {
  const calls = Object.entries(state.calls).flatMap(([callId, call]): [string, Call][] =>
    call.stage === 'answered' ? [] : [[callId, isCreated ? { ...call, passedBy: true } : call]],
  );
  return { calls: Object.fromEntries(calls) };
}

function wake(state: State, now: SessionMicros, options: Options): Step<State> {
  const overdue = Object.entries(state.calls).filter(([, call]) => call.at !== null && deadlineOf(call, options) <= now);
  const rest = Object.fromEntries(Object.entries(state.calls).filter(([callId]) => !overdue.some(([id]) => id === callId)));
  const next = { calls: rest };
  return { state: next, findings: overdue.map(([callId, call]) => toFinding(callId, call)), wakeAt: nextWake(next, options) };
}

function deadlineOf(call: Call, options: Options): number {
  return (call.at ?? 0) + 1000 * (call.stage === 'called' ? options.outputWithinMs : options.createWithinMs);
}

function nextWake(state: State, options: Options): SessionMicros | null {
  const deadlines = Object.values(state.calls).flatMap((call) => (call.at === null ? [] : [deadlineOf(call, options)]));
  return deadlines.length === 0 ? null : (Math.min(...deadlines) as SessionMicros);
}

function toFinding(callId: string, call: Call): Finding {
  const variant = call.stage === 'answered' ? 'idle' : call.seqs.length > 1 ? 'malformed' : 'default';
  return {
    key: callId,
    variant,
    evidence: call.seqs,
    at: call.at,
    values: { callId, name: call.name ?? 'a tool', error: 'see the error event' },
  };
}
