import type { SessionMicros } from '#lib/base/brand.ts';
import { numberAt, objectAt, stringAt } from '#lib/base/json.ts';
import { audioFieldOf, base64Bytes } from '#lib/protocol/audio.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import { outputFormatOf, PCM_24K_BYTES_PER_MS } from '#lib/session/audio-format.ts';
import { entryOf, withEntry, withoutEntry } from './bounded-record.ts';
import type { ResponseOutcome } from './response-outcome.ts';
import { isCancelled, responseOutcome, TERMINAL_TYPES } from './response-outcome.ts';
import type { EventInput, Finding, Rule, RuleInput, Step } from './rule.ts';

/**
 * Flags a response that was cancelled, with its reason: what had been generated, what of it was heard, and the tokens spent on it.
 *
 * open ──terminal, cancelled──▶ pending ──truncated, playback cleared, next response, wait over, end──▶ found
 *
 * What was heard is known from others: a WebSocket client truncates the item at what it played, a WebRTC or SIP server says when its
 * buffer was cleared. Either may come before or after the terminal event.
 */

type State = {
  open: { [responseId: string]: Generated };
  pending: Pending | null;
  /** Of the configuration in force. */
  bytesPerMs: number;
};

type Generated = {
  /** Decoded bytes of audio that passed here; none on a call whose audio has a track of its own. */
  audioBytes: number;
  bytesPerMs: number;
  characters: number;
  /** Those that can be heard, in the order in which they play. */
  items: { id: string; audioBytes: number }[];
  playbackAt: number | null;
  heard: Heard | null;
  /** Messages are missing: there was more than this. */
  isPartial: boolean;
};

type Heard = { ms: number | null; seq: number };

type Pending = {
  outcome: { responseId: string | null; reason: string | null; outputTokens: number | null; totalTokens: number | null };
  generated: Generated;
  seq: number;
  at: SessionMicros | null;
};

type Options = { readonly heardWithinMs: number };

export const cancelledResponse: Rule<State, Options> = {
  meta: {
    id: 'cancelled-response',
    version: 4,
    severity: 'low',
    consumes: [
      ...(['session.created', 'session.updated', 'response.created', 'response.output_item.added'] as const),
      ...(['response.output_audio.delta', 'response.output_audio_transcript.delta', 'response.output_text.delta'] as const),
      ...(['response.function_call_arguments.delta', 'response.mcp_call_arguments.delta'] as const),
      ...(['conversation.item.truncate', 'conversation.item.truncated'] as const),
      ...(['output_audio_buffer.started', 'output_audio_buffer.cleared'] as const),
      ...TERMINAL_TYPES,
    ],
    options: {
      heardWithinMs: {
        default: 2000,
        min: 0,
        says: 'Milliseconds to wait after the cancellation for the event that tells what was heard.',
      },
    },
    texts: {
      default: {
        title: 'Response cancelled: {reason}',
        why: 'The response was cut off. Generated: {generated}; heard: {heard}. {cost}',
        fix: 'With `turn_detected` the caller spoke, or echo and noise passed for speech: check echo cancellation, noise reduction and the turn detection threshold. With `client_cancelled` the application asked for it.',
      },
      empty: {
        title: 'Response cancelled before it began: {reason}',
        why: 'The response was cut off before its first output. {cost}',
        fix: 'With `turn_detected` the caller went on speaking, or noise passed for speech; some of these are normal in a lively conversation. Many in a row: raise `silence_duration_ms` or use semantic turn detection, so that the turn ends later. With `client_cancelled` the application asked for it.',
      },
    },
  },
  init: () => ({ open: {}, pending: null, bytesPerMs: PCM_24K_BYTES_PER_MS }),
  step(state, input, options) {
    if (input.kind === 'clock') return report(state);
    if (input.kind === 'gap') return afterGap(state, input);
    return follow(state, input, options);
  },
  end: (state) => report(state).findings ?? [],
};

function follow(state: State, input: EventInput, options: Options): Step<State> {
  const { event, seq, at } = input;
  const { responseId, itemId } = event.keys;
  switch (event.canonicalType) {
    case 'session.created':
    case 'session.updated':
      return { state: { ...state, bytesPerMs: outputFormatOf(objectAt(event.body, 'session')) ?? state.bytesPerMs } };
    case 'response.created':
      return opened(state, event);
    case 'conversation.item.truncate':
    case 'conversation.item.truncated':
      return truncated(state, itemId, numberAt(event.body, 'audio_end_ms') ?? null, seq);
    case 'output_audio_buffer.started':
      return { state: update(state, responseId, (one) => ({ ...one, playbackAt: at })) };
    case 'output_audio_buffer.cleared':
      return cleared(state, input);
    default: {
      const outcome = responseOutcome(event);
      return outcome === null
        ? { state: update(state, responseId, (one) => grown(one, event)) }
        : ended(state, outcome, input, options);
    }
  }
}

/** A response begins; one that waits for what was heard of it waits no longer. */
function opened(state: State, { keys, body }: DecodedEvent): Step<State> {
  const step = report(state);
  if (keys.responseId === null) return step;
  const bytesPerMs = outputFormatOf(objectAt(body, 'response')) ?? state.bytesPerMs;
  return { ...step, state: { ...step.state, open: withEntry(step.state.open, keys.responseId, nothing(bytesPerMs, false)) } };
}

function nothing(bytesPerMs: number, isPartial: boolean): Generated {
  return { audioBytes: 0, bytesPerMs, characters: 0, items: [], playbackAt: null, heard: null, isPartial };
}

/** A response whose beginning was not seen counts as partial from the start. */
function update(state: State, responseId: string | null, change: (one: Generated) => Generated): State {
  if (responseId === null) return state;
  const one = entryOf(state.open, responseId) ?? nothing(state.bytesPerMs, true);
  return { ...state, open: withEntry(state.open, responseId, change(one)) };
}

const MAX_ITEMS = 32;

function grown(one: Generated, event: DecodedEvent): Generated {
  const { itemId } = event.keys;
  const isNew = itemId !== null && speaks(event) && !one.items.some(({ id }) => id === itemId) && one.items.length < MAX_ITEMS;
  const known = isNew ? { ...one, items: [...one.items, { id: itemId, audioBytes: 0 }] } : one;
  const audio = event.canonicalType === 'response.output_audio.delta' ? audioFieldOf(event) : null;
  if (audio !== null) return louder(known, itemId, base64Bytes(audio.base64));
  const { delta } = event.body;
  return typeof delta === 'string' ? { ...known, characters: one.characters + delta.length } : known;
}

/** Whether an event is about an item that can be heard: calls and their arguments are not. */
function speaks({ canonicalType, body }: DecodedEvent): boolean {
  const type = stringAt(objectAt(body, 'item'), 'type') ?? 'message';
  return type === 'message' && !canonicalType.endsWith('_arguments.delta');
}

function louder(one: Generated, itemId: string | null, bytes: number): Generated {
  const items = one.items.map((item) => (item.id === itemId ? { ...item, audioBytes: item.audioBytes + bytes } : item));
  return { ...one, items, audioBytes: one.audioBytes + bytes };
}

/** A terminal event: a cancelled response waits for what was heard of it, all others are let go. */
function ended(state: State, outcome: ResponseOutcome, { seq, at }: EventInput, options: Options): Step<State> {
  const pendingStill = withSecondEnd(state.pending, outcome);
  if (pendingStill !== null) return { state: { ...state, pending: pendingStill } };
  const key = outcome.responseId ?? '';
  const generated = entryOf(state.open, key) ?? nothing(state.bytesPerMs, true);
  const before = report(state);
  const rest = { ...before.state, open: withoutEntry(state.open, key) };
  if (!isCancelled(outcome)) return { ...before, state: rest };
  const { responseId, reason, outputTokens, totalTokens } = outcome;
  const pending: Pending = { outcome: { responseId, reason, outputTokens, totalTokens }, generated, seq, at };
  const findings = before.findings ?? [];
  // One that does not tell why may do so in a second end.
  if (reason !== null && ((generated.heard?.ms ?? null) !== null || isEmpty(generated))) {
    return { state: rest, findings: [...findings, toFinding(pending)], wakeAt: null };
  }
  const wakeAt = at === null ? null : ((at + options.heardWithinMs * 1000) as SessionMicros);
  return { state: { ...rest, pending }, findings, wakeAt };
}

/** The pending response with what its second end tells: a clone says `response.cancelled` first, and why in `response.done`. */
function withSecondEnd(
  pending: Pending | null,
  { responseId, reason, outputTokens, totalTokens }: ResponseOutcome,
): Pending | null {
  if (pending === null || responseId === null || pending.outcome.responseId !== responseId) return null;
  const before = pending.outcome;
  const outcome = {
    responseId,
    reason: before.reason ?? reason,
    outputTokens: before.outputTokens ?? outputTokens,
    totalTokens: before.totalTokens ?? totalTokens,
  };
  return { ...pending, outcome };
}

/** An item was cut where its playback stopped: those before it were heard whole, if they are known whole. */
function truncated(state: State, itemId: string | null, endMs: number | null, seq: number): Step<State> {
  const placeIn = ({ items }: Generated) => items.findIndex(({ id }) => id === itemId);
  return heardOf(
    state,
    (one) => placeIn(one) !== -1,
    (one) => {
      const place = placeIn(one);
      if (endMs === null || (place > 0 && (one.isPartial || one.audioBytes === 0))) return { ms: null, seq };
      const before = one.items.slice(0, place).reduce((bytes, item) => bytes + item.audioBytes, 0);
      return { ms: before / one.bytesPerMs + endMs, seq };
    },
  );
}

/** The server's playback stopped: what was played until then is what was heard. */
function cleared(state: State, { event, seq, at }: EventInput): Step<State> {
  return heardOf(
    state,
    (_, responseId) => responseId === event.keys.responseId,
    ({ playbackAt }) => ({ ms: at === null || playbackAt === null ? null : (at - playbackAt) / 1000, seq }),
  );
}

/** Notes what was heard of an open response (the least of it, where several items are cut), or reports the pending one with it. */
function heardOf(
  state: State,
  isMeant: (one: Generated, responseId: string | null) => boolean,
  heardIn: (one: Generated) => Heard,
): Step<State> {
  const { pending } = state;
  if (pending !== null && isMeant(pending.generated, pending.outcome.responseId)) {
    const heard = heardIn(pending.generated);
    const next = { ...state, pending: { ...pending, generated: withLeast(pending.generated, heard) } };
    // A playback that stopped at a moment nobody knows says little: the truncation may still come. So may a second end that tells why.
    return heard.ms === null || pending.outcome.reason === null ? { state: next } : report(next);
  }
  const found = Object.entries(state.open).find(([id, one]) => isMeant(one, id));
  return found === undefined ? { state } : { state: update(state, found[0], (one) => withLeast(one, heardIn(one))) };
}

function withLeast(one: Generated, heard: Heard): Generated {
  const known = one.heard;
  const isLess = known === null || (heard.ms !== null && (known.ms === null || heard.ms <= known.ms));
  return isLess ? { ...one, heard } : one;
}

function afterGap(state: State, { why }: Extract<RuleInput, { kind: 'gap' }>): Step<State> {
  const step = report(state);
  const open = why === 'reconnect' ? {} : partial(state.open);
  return { ...step, state: { ...step.state, open } };
}

function partial(open: State['open']): State['open'] {
  return Object.fromEntries(Object.entries(open).map(([id, one]) => [id, { ...one, isPartial: true }]));
}

/** Reports the pending response, with what is known by now. */
function report(state: State): Step<State> {
  if (state.pending === null) return { state };
  return { state: { ...state, pending: null }, findings: [toFinding(state.pending)], wakeAt: null };
}

function isEmpty({ audioBytes, characters, playbackAt, isPartial }: Generated): boolean {
  return audioBytes === 0 && characters === 0 && playbackAt === null && !isPartial;
}

function toFinding({ outcome, generated, seq, at }: Pending): Finding {
  const { responseId, reason, outputTokens, totalTokens } = outcome;
  const { heard } = generated;
  const empty = isEmpty(generated);
  const generatedMs =
    generated.audioBytes === 0 || generated.isPartial ? null : Math.round(generated.audioBytes / generated.bytesPerMs);
  // A client that counts wrongly truncates behind the end, which the server refuses: nobody heard more than there was.
  const playedMs = heard?.ms ?? null;
  const heardMs = playedMs === null ? null : Math.min(Math.round(playedMs), generatedMs ?? Number.POSITIVE_INFINITY);
  const wastedTokens = wastedOf(outputTokens, generatedMs, heardMs);
  return {
    key: responseId ?? `at ${seq}`,
    severity: empty || reason === 'client_cancelled' ? 'info' : 'low',
    variant: empty ? 'empty' : 'default',
    evidence: heard === null ? [seq] : [seq, heard.seq].toSorted((a, b) => a - b),
    at,
    values: {
      responseId,
      reason: reason ?? 'no reason given',
      outputTokens,
      totalTokens,
      generatedMs,
      heardMs,
      wastedTokens,
      generated: empty ? 'nothing' : describe(generated, generatedMs),
      heard: heardMs === null ? 'not known' : `${heardMs} ms`,
      cost: describeCost(totalTokens, outputTokens, wastedTokens),
    },
  };
}

/** The share of the output tokens that was generated and not played. */
function wastedOf(outputTokens: number | null, generatedMs: number | null, heardMs: number | null): number | null {
  if (outputTokens === 0) return 0;
  if (outputTokens === null || generatedMs === null || heardMs === null) return null;
  return Math.round(outputTokens * Math.max(0, 1 - heardMs / generatedMs));
}

function describe({ audioBytes, characters, isPartial }: Generated, generatedMs: number | null): string {
  if (generatedMs !== null) return `${generatedMs} ms of audio`;
  if (audioBytes > 0 || isPartial) return 'not known, messages are missing';
  if (characters > 0) return `${characters} characters of text or arguments; its audio, if any, did not pass here`;
  return 'audio that did not pass here';
}

function describeCost(total: number | null, output: number | null, wasted: number | null): string {
  if (total === null) return 'What it cost is not told.';
  const spent = `${total} tokens were spent on it`;
  if (output === null || output === 0) return `${spent}.`;
  return wasted === null
    ? `${spent}, ${output} of them output.`
    : `${spent}; of its ${output} output tokens about ${wasted} for what nobody heard.`;
}
