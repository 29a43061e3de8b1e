import type { SessionMicros } from '#lib/base/brand.ts';
import type { Json } from '#lib/base/json.ts';
import { arrayAt, objectAt, stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/base/kept-id.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { Severity } from '#lib/session/view.ts';
import { entryOf, withEntry, withoutEntry } from './bounded-record.ts';
import { isCancelled, responseOutcome } from './response-outcome.ts';
import type { EventInput, Finding, Rule, SessionFacts, Step } from './rule.ts';
import type { SentOutput } from './tool-output.ts';
import { fieldsOf, isAboutOutput, isAboutRequest, isEmptyOutput, isOutput, withSent } from './tool-output.ts';

/**
 * Flags a function call that nobody answered in time, or whose answer was not followed by `response.create`: in both cases the caller
 * hears silence, because a Realtime server never goes on by itself after a tool call.
 *
 * called ──function_call_output──▶ answered ──response.create──▶ asked ──response.created──▶ done
 *    ▲                                │
 *    └──── error about the item ──────┘  (found at once: the server says so)
 *
 * The time to go on begins once all calls of the response are answered and nobody speaks any more, neither the model nor the user:
 * before that a `response.create` would be too early.
 */

type State = {
  calls: { [callId: string]: Call };
  /** Outputs of calls of this response that are not whole yet: fast tools begin with the arguments. */
  early: { [callId: string]: Output };
  /** The client's last outputs, for the errors that may follow. */
  sent: SentOutput[];
  /** Names of the functions that the client declared last; null while none were seen. */
  functions: { [name: string]: true } | null;
  /** Responses outside the conversation: the application reads their calls itself, and nothing can be answered there. */
  aside: { [responseId: string]: true };
  /** Messages are missing: only of responses whose beginning was seen since is it known that they stand in the conversation. */
  hasGap: boolean;
  /** The response of the conversation that is being generated: there is one at a time. */
  active: string | null;
  isUserSpeaking: boolean;
  /** When the last of both fell silent. */
  quietAt: SessionMicros | null;
};

type Call = {
  name: string | null;
  responseId: string | null;
  itemId: string | null;
  calledSeq: number;
  calledAt: SessionMicros | null;
  output: Output | null;
  /** Whether the conversation went on without it: without times that is the only proof of silence. */
  passedBy: boolean;
  /** That it is open was found already, by the time or by the server's refusal of its output. */
  isReported: boolean;
};

/** Its text may be empty: silence may be meant. `isAsked`: the client asked the model to go on with it, which is not confirmed yet. */
type Output = { seq: number; at: SessionMicros | null; isEmpty: boolean; isAsked: boolean };

type Options = { readonly outputWithinMs: number; readonly createWithinMs: number };

export const unansweredToolCall: Rule<State, Options> = {
  meta: {
    id: 'unanswered-tool-call',
    version: 4,
    severity: 'high',
    consumes: [
      ...(['response.output_item.done', 'response.create', 'response.created', 'response.done', 'error'] as const),
      ...(['conversation.item.create', 'conversation.item.created', 'conversation.item.added', 'session.update'] as const),
      ...(['conversation.item.done', 'conversation.item.deleted'] as const),
      ...(['input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped', 'input_audio_buffer.cleared'] as const),
    ],
    options: {
      outputWithinMs: { default: 10_000, min: 100, says: 'Milliseconds that a tool may take before its missing output counts.' },
      createWithinMs: { default: 5000, min: 100, says: 'Milliseconds between the output of a tool and `response.create`.' },
    },
    texts: {
      default: {
        title: 'Tool call not answered in time: {name}',
        why: 'The model called {name} ({callId}) and got no `function_call_output` {within}. Nothing goes on by itself: the caller hears silence until they speak.',
        fix: 'Send `conversation.item.create` with `{type: "function_call_output", call_id, output}` also where the tool fails or is slow, then `response.create`.',
      },
      malformed: {
        title: 'Tool output refused: {name}',
        why: 'An output for {name} ({callId}) was sent, but the server refused it: {error} For the model the call is still open.',
        fix: 'The item must be `{type: "function_call_output", call_id: "{callId}", output: "<text>"}`: no role, no content, and `output` a string.',
      },
      idle: {
        title: 'Tool output without response.create: {name}',
        why: 'The output of {name} ({callId}) was sent, but no `response.create` that the server accepted followed {within}. The model stays silent until the user speaks.',
        fix: 'Send `response.create` after the last output, once the response that made the call is done. Where silence is meant, this can be ignored.',
      },
    },
  },
  init: nothingOpen,
  step(state, input, options, facts) {
    if (input.kind === 'gap') return { state: afterGap(state, input.why), wakeAt: null };
    if (input.kind === 'clock') return wake(state, input.at, options, facts);
    const step = follow(state, input, facts);
    return step.state === state ? step : { ...step, wakeAt: nextWake(step.state, options) };
  },
  end: (state, _end, _options, facts) =>
    Object.entries(state.calls).flatMap(([callId, call]) =>
      call.calledAt === null && call.output === null && call.passedBy && !call.isReported
        ? [toUnanswered(callId, call, 'while the conversation went on', facts)]
        : [],
    ),
};

function nothingOpen(): State {
  return {
    calls: {},
    early: {},
    sent: [],
    functions: null,
    aside: {},
    hasGap: false,
    active: null,
    isUserSpeaking: false,
    quietAt: null,
  };
}

/** What was open may be answered by what is missing. Who speaks is kept over a loss: taken wrongly, it delays and claims nothing. */
function afterGap({ functions, aside, active, isUserSpeaking }: State, why: 'loss' | 'reconnect'): State {
  const kept = why === 'loss' ? { functions, aside, active, isUserSpeaking } : { functions };
  return { ...nothingOpen(), ...kept, hasGap: true };
}

function follow(state: State, input: EventInput, facts: SessionFacts): Step<State> {
  const { event, at } = input;
  switch (event.canonicalType) {
    case 'response.output_item.done':
      return { state: called(state, input, facts) };
    case 'session.update':
      return { state: declared(state, event) };
    case 'conversation.item.create':
    case 'conversation.item.created':
    case 'conversation.item.added':
    case 'conversation.item.done':
      return { state: answered(state, input) };
    case 'conversation.item.deleted':
      return { state: deleted(state, event) };
    case 'error':
      return refused(state, input);
    case 'input_audio_buffer.speech_started':
      return { state: { ...state, isUserSpeaking: true } };
    case 'input_audio_buffer.speech_stopped':
    case 'input_audio_buffer.cleared':
      return { state: { ...state, isUserSpeaking: false, quietAt: at } };
    case 'response.created':
      return { state: began(state, event) };
    case 'response.done':
      return { state: ended(state, input) };
    default:
      return { state: asked(state, event) };
  }
}

function declared(state: State, { body }: DecodedEvent): State {
  const tools = objectAt(body, 'session')?.['tools'];
  if (!Array.isArray(tools)) return state;
  let functions: NonNullable<State['functions']> = {};
  for (const tool of tools) {
    const name = stringAt(tool, 'name') ?? stringAt(objectAt(tool, 'function'), 'name');
    if (name !== undefined) functions = withEntry(functions, keptId(name), true);
  }
  return { ...state, functions };
}

/** xAI shows the searches that it makes itself as calls of functions that nobody declared. */
function isServers({ functions }: State, name: string, { provider }: SessionFacts): boolean {
  return provider === 'xai' && functions !== null && entryOf(functions, keptId(name)) === undefined;
}

function called(state: State, { event, seq, at }: EventInput, facts: SessionFacts): State {
  const item = objectAt(event.body, 'item');
  const { callId, responseId } = event.keys;
  // A response that was cut off leaves its call incomplete: nobody is expected to answer that. The Responses stream answers elsewhere.
  const isOpen =
    stringAt(item, 'type') === 'function_call' &&
    stringAt(item, 'status') !== 'incomplete' &&
    event.entry?.group === 'realtime' &&
    !isServers(state, stringAt(item, 'name') ?? '', facts) &&
    entryOf(state.aside, responseId ?? '') === undefined &&
    (!state.hasGap || responseId === state.active);
  const known = callId === null ? undefined : entryOf(state.calls, callId);
  if (!isOpen || callId === null || (known !== undefined && known.responseId === responseId)) return state;
  const call: Call = {
    name: stringAt(item, 'name') ?? null,
    responseId,
    itemId: event.keys.itemId,
    calledSeq: seq,
    calledAt: at,
    output: entryOf(state.early, callId) ?? null,
    passedBy: false,
    isReported: false,
  };
  return { ...state, calls: withEntry(state.calls, callId, call), early: withoutEntry(state.early, callId) };
}

/** The output, as the client sent it or as the server echoed it. */
function answered(state: State, { event, seq, at, direction }: EventInput): State {
  const item = objectAt(event.body, 'item');
  const { callId, eventId } = event.keys;
  const isClients = event.canonicalType === 'conversation.item.create' && direction !== 'server_to_client';
  if (item === undefined || !isOutput(item))
    return isClients && state.sent.length > 0 ? { ...state, sent: withSent(state.sent, null) } : state;
  const sent = { seq, eventId, callId, fields: fieldsOf(item), isNewest: true };
  const next = isClients ? { ...state, sent: withSent(state.sent, sent) } : state;
  const call = callId === null ? undefined : entryOf(state.calls, callId);
  if (callId === null || (call?.output ?? null) !== null) return next;
  const output: Output = { seq, at, isEmpty: isEmptyOutput(item), isAsked: false };
  if (call === undefined) return { ...next, early: withEntry(next.early, callId, output) };
  return { ...next, calls: withEntry(next.calls, callId, { ...call, output }) };
}

/** Whoever takes a call out of the conversation wants no answer to it. */
function deleted(state: State, { keys }: DecodedEvent): State {
  const calls = Object.entries(state.calls).filter(([, call]) => call.itemId === null || call.itemId !== keys.itemId);
  return { ...state, calls: Object.fromEntries(calls) };
}

/** The server refused an output: the call that it was for is still open. Or it refused to go on. */
function refused(state: State, { event, seq, at }: EventInput): Step<State> {
  const error = objectAt(event.body, 'error');
  const sent = state.sent.findLast((output) => isAboutOutput(error, output));
  if (sent === undefined) return { state: isAboutRequest(error) ? { ...withAsked(state, false), quietAt: at } : state };
  const meant = callsOf(state, sent);
  let { calls } = state;
  for (const [callId, call] of meant) calls = withEntry(calls, callId, { ...call, output: null, isReported: true });
  const values = { error: sentenceOf(error), param: stringAt(error, 'param') ?? null };
  const findings = meant.map(
    ([callId, call]): Finding => ({
      key: `refused ${callId} ${call.calledSeq}`,
      variant: 'malformed',
      evidence: [call.calledSeq, sent.seq, seq].toSorted((a, b) => a - b),
      at,
      values: { callId, name: call.name ?? 'a tool', ...values },
    }),
  );
  const early = withoutEntry(state.early, sent.callId ?? '');
  return { state: { ...state, calls, early, sent: state.sent.filter((output) => output !== sent) }, findings };
}

/**
 * The calls that an output may have been for: the one that it names, unless an earlier output of it stands; else those of the newest
 * response with open calls.
 */
function callsOf({ calls }: State, { callId: named, seq }: SentOutput): [string, Call][] {
  const open = Object.entries(calls).filter(([, { output }]) => output === null || output.seq === seq);
  if (named !== null) return open.filter(([callId]) => callId === named);
  const newest = open.at(-1)?.[1].responseId;
  return open.filter(([, { responseId }]) => responseId === newest);
}

function sentenceOf(error: Json | undefined): string {
  const message = stringAt(error, 'message') ?? 'no message.';
  return `${message} (${stringAt(error, 'code') ?? stringAt(error, 'type') ?? 'no code'})`;
}

/** A response of the conversation ended. If it was cut off, its calls are void. */
function ended(state: State, { event, at }: EventInput): State {
  const { responseId } = event.keys;
  const isActive = responseId === null || responseId === state.active;
  const quiet = isActive ? { ...state, active: null, quietAt: at } : state;
  const outcome = responseOutcome(event);
  if (outcome === null || !isCancelled(outcome)) return quiet;
  const calls = Object.entries(quiet.calls).filter(([, call]) => call.responseId !== responseId || call.output !== null);
  return { ...quiet, calls: Object.fromEntries(calls) };
}

/** A new response of the conversation continues all answered calls; those without an answer are passed by. */
function began(state: State, { body, keys }: DecodedEvent): State {
  const { responseId } = keys;
  if (objectAt(body, 'response')?.['conversation_id'] === null) {
    return responseId === null ? state : { ...state, aside: withEntry(state.aside, responseId, true) };
  }
  const calls = Object.entries(withoutAnswered(state).calls).map(([callId, call]) => [callId, { ...call, passedBy: true }]);
  return { ...state, calls: Object.fromEntries(calls), early: {}, active: responseId, isUserSpeaking: false };
}

/** The client asks the model to go on; while it is still at it, the server refuses that. Outputs may come within the request. */
function asked(state: State, { body }: DecodedEvent): State {
  const response = objectAt(body, 'response');
  const inputs = arrayAt(response, 'input').filter(isOutput);
  const given = new Set(inputs.map((item) => stringAt(item, 'call_id')));
  const calls = Object.entries(state.calls).filter(([callId]) => !given.has(callId));
  const next = given.size === 0 ? state : { ...state, calls: Object.fromEntries(calls) };
  return state.active !== null || stringAt(response, 'conversation') === 'none' ? next : withAsked(next, true);
}

function withAsked(state: State, isAsked: boolean): State {
  const calls = Object.entries(state.calls).map(([callId, call]) => [
    callId,
    call.output === null ? call : { ...call, output: { ...call.output, isAsked } },
  ]);
  return { ...state, calls: Object.fromEntries(calls) };
}

function withoutAnswered(state: State): State {
  const calls = Object.entries(state.calls).filter(([, call]) => call.output === null);
  return { ...state, calls: Object.fromEntries(calls) };
}

function wake(state: State, now: SessionMicros, options: Options, facts: SessionFacts): Step<State> {
  let { calls } = state;
  const findings: Finding[] = [];
  for (const [callId, call] of Object.entries(state.calls)) {
    if (deadlineOf(state, call, options) > now) continue;
    if (call.output === null) {
      // It stays open: what its response asked for is not complete before it is answered too.
      calls = withEntry(calls, callId, { ...call, isReported: true });
      findings.push(toUnanswered(callId, call, `within ${options.outputWithinMs} ms`, facts));
    } else {
      calls = withoutEntry(calls, callId);
      findings.push(toIdle(callId, call, call.output, `within ${options.createWithinMs} ms`, facts));
    }
  }
  const next = { ...state, calls };
  return { state: next, findings, wakeAt: nextWake(next, options) };
}

function deadlineOf(state: State, { output, responseId, calledAt, isReported }: Call, options: Options): number {
  const never = Number.POSITIVE_INFINITY;
  if (output === null) return calledAt === null || isReported ? never : calledAt + 1000 * options.outputWithinMs;
  if (output.at === null || output.isAsked || state.active !== null || state.isUserSpeaking) return never;
  const siblings = Object.values(state.calls).filter((call) => call.responseId === responseId);
  if (siblings.some((call) => call.output === null)) return never;
  const since = Math.max(state.quietAt ?? 0, ...siblings.map((call) => call.output?.at ?? 0));
  return since + 1000 * options.createWithinMs;
}

function nextWake(state: State, options: Options): SessionMicros | null {
  const first = Math.min(...Object.values(state.calls).map((call) => deadlineOf(state, call, options)));
  return Number.isFinite(first) ? (first as SessionMicros) : null;
}

function toUnanswered(callId: string, call: Call, within: string, facts: SessionFacts): Finding {
  const { calledSeq, calledAt } = call;
  const values = { callId, name: call.name ?? 'a tool', within };
  return { key: `${callId} ${calledSeq}`, severity: severityOf(facts), evidence: [calledSeq], at: calledAt, values };
}

/** An empty output is how some applications say that silence is meant. */
function toIdle(callId: string, call: Call, output: Output, within: string, facts: SessionFacts): Finding {
  return {
    key: `idle ${callId} ${call.calledSeq}`,
    severity: output.isEmpty ? 'info' : severityOf(facts),
    variant: 'idle',
    evidence: [call.calledSeq, output.seq].toSorted((a, b) => a - b),
    at: output.at,
    values: { callId, name: call.name ?? 'a tool', within },
  };
}

/** A file may lack what its writer left out. */
function severityOf({ mode }: SessionFacts): Severity {
  return mode === 'import' ? 'medium' : 'high';
}
