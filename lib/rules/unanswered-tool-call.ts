import type { SessionMicros } from '#lib/base/brand.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import type { Severity } from '#lib/session/view.ts';
import { keptId } from '#lib/session/wire-text.ts';
import { entryOf, withEntry, withoutEntry } from './bounded-record.ts';
import { responseOutcome } from './response-outcome.ts';
import type { EventInput, Finding, Rule, SessionFacts, Step } from './rule.ts';

/**
 * Flags a function call that nobody answered, or whose answer was not followed by `response.create`: in both cases the caller hears
 * silence, because a Realtime server never goes on by itself after a tool call.
 *
 * called ──function_call_output──▶ answered ──response.create, response.created──▶ done
 *    ▲                                │
 *    └──── error about the item ──────┘  (found at once: the server says so)
 */

type State = {
  calls: { [callId: string]: Call };
  /** The client's last output, for the error that may follow. */
  lastOutput: { seq: number; eventId: string | null; callId: string | null } | null;
};

type Call = {
  name: string | null;
  responseId: string | null;
  calledSeq: number;
  calledAt: SessionMicros | null;
  answeredSeq: number | null;
  answeredAt: SessionMicros | null;
  /** Its output holds no text: silence may be meant. */
  isEmptyOutput: boolean;
  /** Whether the conversation went on without it: without times that is the only proof of silence. */
  passedBy: boolean;
  /** The server refused its output, which is found already. */
  isReported: boolean;
};

type Options = { readonly outputWithinMs: number; readonly createWithinMs: number };

export const unansweredToolCall: Rule<State, Options> = {
  meta: {
    id: 'unanswered-tool-call',
    version: 1,
    severity: 'high',
    consumes: [
      ...(['response.output_item.done', 'response.create', 'response.created', 'response.done', 'error'] as const),
      ...(['conversation.item.create', 'conversation.item.created', 'conversation.item.added'] as const),
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
        why: 'An output for {name} ({callId}) was sent, but the server refused it: {error} For the model the call is still open.',
        fix: 'The item must be `{type: "function_call_output", call_id: "{callId}", output: "<text>"}`: no role, no content, and `output` a string.',
      },
      idle: {
        title: 'Tool output without response.create: {name}',
        why: 'The output of {name} ({callId}) was sent, but nothing asked the model to go on. It stays silent until the user speaks.',
        fix: 'Send `response.create` after the last output. Where silence is meant, this can be ignored.',
      },
    },
  },
  init: () => ({ calls: {}, lastOutput: null }),
  step(state, input, options, facts) {
    if (input.kind === 'gap') return { state: { calls: {}, lastOutput: null }, wakeAt: null };
    if (input.kind === 'clock') return wake(state, input.at, options, facts);
    const step = follow(state, input);
    return step.state === state ? step : { ...step, wakeAt: nextWake(step.state, options) };
  },
  end: (state, _end, _options, facts) =>
    Object.entries(state.calls).flatMap(([callId, call]) =>
      call.calledAt === null && call.passedBy && !call.isReported ? [toFinding(callId, call, facts)] : [],
    ),
};

function follow(state: State, input: EventInput): Step<State> {
  switch (input.event.canonicalType) {
    case 'response.output_item.done':
      return { state: called(state, input) };
    case 'conversation.item.create':
    case 'conversation.item.created':
    case 'conversation.item.added':
      return { state: answered(state, input) };
    case 'error':
      return refused(state, input);
    case 'response.done':
      return { state: cancelled(state, input) };
    default:
      return { state: wentOn(state, input.event.canonicalType === 'response.created') };
  }
}

function called(state: State, { event, seq, at }: EventInput): State {
  const item = objectAt(event.body, 'item');
  const { callId, responseId } = event.keys;
  // A response that was cut off leaves its call incomplete: nobody is expected to answer that. The Responses stream answers elsewhere.
  const isOpen =
    stringAt(item, 'type') === 'function_call' && stringAt(item, 'status') !== 'incomplete' && event.entry?.group === 'realtime';
  if (!isOpen || callId === null || entryOf(state.calls, callId) !== undefined) return state;
  const call: Call = {
    ...{ name: stringAt(item, 'name') ?? null, responseId, calledSeq: seq, calledAt: at },
    ...{ answeredSeq: null, answeredAt: null, isEmptyOutput: false, passedBy: false, isReported: false },
  };
  return { ...state, calls: withEntry(state.calls, callId, call) };
}

/** The output, as the client sent it or as the server echoed it. */
function answered(state: State, { event, seq, at, direction }: EventInput): State {
  const item = objectAt(event.body, 'item');
  const { callId, eventId } = event.keys;
  const isClients = event.canonicalType === 'conversation.item.create' && direction !== 'server_to_client';
  // An error that names no event is about the client's last item: once that is another one, it is not about the output.
  if (!isOutput(item)) return isClients && state.lastOutput !== null ? { ...state, lastOutput: null } : state;
  const next = isClients ? { ...state, lastOutput: { seq, eventId, callId } } : state;
  const call = callId === null ? undefined : entryOf(state.calls, callId);
  if (callId === null || call === undefined || call.answeredSeq !== null) return next;
  const isEmptyOutput = (stringAt(item, 'output') ?? '').trim() === '';
  return { ...next, calls: withEntry(next.calls, callId, { ...call, answeredSeq: seq, answeredAt: at, isEmptyOutput }) };
}

/** Written as a chat message with the role `tool`, it is no output for the server, but it was meant as one. */
function isOutput(item: ReturnType<typeof objectAt>): boolean {
  return stringAt(item, 'type') === 'function_call_output' || stringAt(item, 'role') === 'tool';
}

/** The server refused the client's last output: the call that it names, else every call that waits, is still open. */
function refused(state: State, { event, seq, at }: EventInput): Step<State> {
  const { lastOutput } = state;
  const error = objectAt(event.body, 'error');
  if (lastOutput === null || !isAbout(error, lastOutput.eventId)) return { state };
  const meant = Object.entries(state.calls).filter(([callId, call]) =>
    lastOutput.callId === null ? call.answeredSeq === null : callId === lastOutput.callId,
  );
  let { calls } = state;
  for (const [callId, call] of meant) {
    calls = withEntry(calls, callId, { ...call, answeredSeq: null, answeredAt: null, isReported: true });
  }
  const values = { error: sentenceOf(error), param: stringAt(error, 'param') ?? null };
  const findings = meant.map(
    ([callId, call]): Finding => ({
      key: `refused ${callId}`,
      variant: 'malformed',
      evidence: [call.calledSeq, lastOutput.seq, seq],
      at,
      values: { callId, name: call.name ?? 'a tool', ...values },
    }),
  );
  return { state: { calls, lastOutput: null }, findings };
}

/** By the event that it names, or, where it names none, by a parameter of an item. */
function isAbout(error: ReturnType<typeof objectAt>, eventId: string | null): boolean {
  const cause = stringAt(error, 'event_id');
  if (cause !== undefined && eventId !== null) return keptId(cause) === eventId;
  return /^item(\.|$)/.test(stringAt(error, 'param') ?? '');
}

function sentenceOf(error: ReturnType<typeof objectAt>): string {
  const message = stringAt(error, 'message') ?? 'no message.';
  return `${message} (${stringAt(error, 'code') ?? stringAt(error, 'type') ?? 'no code'})`;
}

/** Calls of a response that was cancelled are void. */
function cancelled(state: State, { event }: EventInput): State {
  const outcome = responseOutcome(event);
  if (outcome?.status !== 'cancelled') return state;
  const calls = Object.entries(state.calls).filter(
    ([, call]) => call.responseId !== outcome.responseId || call.answeredSeq !== null,
  );
  return { ...state, calls: Object.fromEntries(calls) };
}

/** A new response continues all answered calls; those without an answer are passed by. */
function wentOn(state: State, isCreated: boolean): State {
  const entries = Object.entries(state.calls);
  if (entries.length === 0) return state;
  const calls = entries.flatMap(([callId, call]): [string, Call][] =>
    call.answeredSeq !== null ? [] : [[callId, isCreated ? { ...call, passedBy: true } : call]],
  );
  return { ...state, calls: Object.fromEntries(calls) };
}

function wake(state: State, now: SessionMicros, options: Options, facts: SessionFacts): Step<State> {
  let { calls } = state;
  const findings: Finding[] = [];
  for (const [callId, call] of Object.entries(state.calls)) {
    if (deadlineOf(call, options) > now) continue;
    calls = withoutEntry(calls, callId);
    if (!call.isReported) findings.push(toFinding(callId, call, facts));
  }
  const next = { ...state, calls };
  return { state: next, findings, wakeAt: nextWake(next, options) };
}

function deadlineOf({ answeredSeq, answeredAt, calledAt }: Call, options: Options): number {
  const since = answeredSeq === null ? calledAt : answeredAt;
  const withinMs = answeredSeq === null ? options.outputWithinMs : options.createWithinMs;
  return since === null ? Number.POSITIVE_INFINITY : since + 1000 * withinMs;
}

function nextWake(state: State, options: Options): SessionMicros | null {
  const first = Math.min(...Object.values(state.calls).map((call) => deadlineOf(call, options)));
  return Number.isFinite(first) ? (first as SessionMicros) : null;
}

function toFinding(callId: string, call: Call, facts: SessionFacts): Finding {
  const isIdle = call.answeredSeq !== null;
  return {
    key: callId,
    severity: severityOf(call, isIdle, facts),
    variant: isIdle ? 'idle' : 'default',
    evidence: call.answeredSeq === null ? [call.calledSeq] : [call.calledSeq, call.answeredSeq],
    at: isIdle ? call.answeredAt : call.calledAt,
    values: { callId, name: call.name ?? 'a tool' },
  };
}

/** An empty output is how some applications say that silence is meant; a file may lack what its writer left out. */
function severityOf(call: Call, isIdle: boolean, { mode }: SessionFacts): Severity {
  if (isIdle && call.isEmptyOutput) return 'info';
  return mode === 'import' ? 'medium' : 'high';
}
