import type { SessionMicros } from '#lib/base/brand.ts';
import { numberAt } from '#lib/base/json.ts';
import { audioFieldOf } from '#lib/protocol/audio.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { ResponseOutcome } from './response-outcome.ts';
import { responseOutcome, TERMINAL_TYPES } from './response-outcome.ts';
import type { Finding, Rule, Step } from './rule.ts';

/**
 * Flags a response that was cancelled, with its reason: what had been generated, what of it was heard, and the tokens spent on it.
 *
 * open ──terminal, cancelled──▶ pending ──truncated, playback cleared, next response, wait over, end──▶ found
 *
 * What was heard is known only after the cancellation: a WebSocket client truncates the item at what it played, a WebRTC or SIP
 * server says when its buffer was cleared.
 */

type State = {
  /** Audio generated per open response, in decoded bytes, and when its playback began. */
  open: { [responseId: string]: Generated };
  pending: Pending | null;
};

type Generated = { audioBytes: number; textDeltas: number; itemIds: string[]; playbackAt: number | null };

type Pending = {
  outcome: { responseId: string; reason: string | null; outputTokens: number; totalTokens: number };
  generated: Generated;
  seq: number;
  at: SessionMicros | null;
};

type Options = { readonly heardWithinMs: number };

const NOTHING: Generated = { audioBytes: 0, textDeltas: 0, itemIds: [], playbackAt: null };

/** Bytes of pcm16 at 24 kHz in a millisecond. */
const PCM16_BYTES_PER_MS = 48;

export const cancelledResponse: Rule<State, Options> = {
  meta: {
    id: 'cancelled-response',
    version: 1,
    severity: 'low',
    consumes: [
      'response.created',
      'response.output_audio.delta',
      'response.output_audio_transcript.delta',
      'response.output_text.delta',
      'conversation.item.truncate',
      'conversation.item.truncated',
      'output_audio_buffer.started',
      'output_audio_buffer.cleared',
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
        why: 'The response was cut off. Generated: {generatedMs} ms of audio; heard: {heard}. {totalTokens} tokens were spent on it.',
        fix: 'With `turn_detected` the caller spoke, or echo and noise passed for speech: check echo cancellation, noise reduction and the turn detection threshold. With `client_cancelled` the application asked for it.',
      },
      empty: {
        title: 'Response cancelled before it began: {reason}',
        why: 'The response was cut off before its first output: the caller went on speaking, or noise passed for speech. {totalTokens} tokens were spent on it.',
        fix: 'Some of these are normal in a lively conversation. Many in a row: raise `silence_duration_ms` or use semantic turn detection, so that the turn ends later.',
      },
    },
  },
  init: () => ({ open: {}, pending: null }),
  step(state, input, options) {
    if (input.kind === 'clock') return find(state, null);
    const { event, seq, at } = input;
    const { responseId } = event.keys;
    switch (event.canonicalType) {
      case 'response.created':
        return find(responseId === null ? state : opened(state, responseId), null);
      case 'conversation.item.truncate':
      case 'conversation.item.truncated':
        return truncated(state, event, seq);
      case 'output_audio_buffer.started':
        return { state: update(state, responseId, (one) => ({ ...one, playbackAt: at })) };
      case 'output_audio_buffer.cleared':
        return cleared(state, responseId, at, seq);
      default: {
        const outcome = responseOutcome(event);
        return outcome === null
          ? { state: update(state, responseId, (one) => grown(one, event)) }
          : ended(state, outcome, seq, at, options);
      }
    }
  },
  end: (state) => find(state, null).findings ?? [],
};

function opened(state: State, responseId: string): State {
  return { ...state, open: { ...state.open, [responseId]: NOTHING } };
}

function update(state: State, responseId: string | null, change: (one: Generated) => Generated): State {
  if (responseId === null) return state;
  return { ...state, open: { ...state.open, [responseId]: change(state.open[responseId] ?? NOTHING) } };
}

function grown(one: Generated, event: DecodedEvent): Generated {
  const audio = audioFieldOf(event);
  const { itemId } = event.keys;
  return {
    audioBytes: one.audioBytes + (audio === null ? 0 : Math.floor((audio.base64.length * 3) / 4)),
    textDeltas: one.textDeltas + (audio === null ? 1 : 0),
    itemIds: itemId === null || one.itemIds.includes(itemId) ? one.itemIds : [...one.itemIds, itemId],
    playbackAt: one.playbackAt,
  };
}

/** A terminal event: a cancelled response waits for what was heard, all others are let go. */
function ended(state: State, outcome: ResponseOutcome, seq: number, at: SessionMicros | null, options: Options): Step<State> {
  const { [outcome.responseId]: generated = NOTHING, ...open } = state.open;
  const before = find(state, null);
  if (!isCancelled(outcome)) return { ...before, state: { open, pending: null } };
  const { responseId, reason, outputTokens, totalTokens } = outcome;
  const pending: Pending = { outcome: { responseId, reason, outputTokens, totalTokens }, generated, seq, at };
  const wakeAt = at === null ? null : ((at + options.heardWithinMs * 1000) as SessionMicros);
  return { state: { open, pending }, findings: before.findings ?? [], wakeAt };
}

/** Some servers report a response that speech cut off as incomplete. */
function isCancelled({ status, reason }: ResponseOutcome): boolean {
  return status === 'cancelled' || (status === 'incomplete' && reason === 'turn_detected');
}

/** The client, or the server's echo of it, says where the audio of an item was cut. */
function truncated(state: State, event: DecodedEvent, seq: number): Step<State> {
  const heardMs = numberAt(event.body, 'audio_end_ms');
  const { itemId } = event.keys;
  const isMine = itemId !== null && (state.pending?.generated.itemIds.includes(itemId) ?? false);
  return isMine && heardMs !== undefined ? find(state, { heardMs, seq }) : { state };
}

/** The server's playback stopped: what was played is what was heard. */
function cleared(state: State, responseId: string | null, at: SessionMicros | null, seq: number): Step<State> {
  const startedAt = state.pending?.generated.playbackAt ?? null;
  if (state.pending === null || state.pending.outcome.responseId !== responseId) return { state };
  return find(state, { heardMs: at === null || startedAt === null ? null : (at - startedAt) / 1000, seq });
}

interface Heard {
  readonly heardMs: number | null;
  readonly seq: number;
}

/** Reports the pending response, with what is known of what was heard. */
function find(state: State, heard: Heard | null): Step<State> {
  if (state.pending === null) return { state };
  const { outcome, generated, seq, at } = state.pending;
  const isEmpty = generated.audioBytes === 0 && generated.textDeltas === 0;
  const generatedMs = Math.round(generated.audioBytes / PCM16_BYTES_PER_MS);
  const heardMs = heard?.heardMs ?? null;
  const finding: Finding = {
    key: outcome.responseId,
    severity: outcome.reason === null ? 'medium' : isEmpty || outcome.reason === 'client_cancelled' ? 'info' : 'low',
    variant: isEmpty ? 'empty' : 'default',
    evidence: heard === null ? [seq] : [seq, heard.seq],
    at,
    values: {
      responseId: outcome.responseId,
      reason: outcome.reason ?? 'no reason given',
      generatedMs,
      heardMs,
      heard: heardMs === null ? 'not known' : `${Math.round(heardMs)} ms`,
      outputTokens: outcome.outputTokens,
      totalTokens: outcome.totalTokens,
    },
  };
  return { state: { ...state, pending: null }, findings: [finding], wakeAt: null };
}
