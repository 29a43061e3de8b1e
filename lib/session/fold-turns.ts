import type { JsonObject } from '#lib/base/json.ts';
import { arrayAt, objectAt, stringAt } from '#lib/base/json.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import { codeOf } from '#lib/protocol/error-codes.ts';
import type { FoldEvent, Handlers } from './fold-event.ts';
import type { ResponseEntity, SessionState, TurnEntity } from './state.ts';
import { touch } from './table.ts';
import { addTurn, findBack, newestUnanswered, speechTurn, tieItem, turnOfItem } from './turn-table.ts';
import type { TurnView } from './view.ts';
import { wireMs } from './wire-text.ts';

/**
 * Turns: what the user said, wrote or had the client ask for, and which response answered it.
 * Waiting (speech goes on) → complete (speech stopped or was committed; text, tool and client turns at once) → answered.
 * A response answers the newest complete turn without an answer; one outside the conversation answers only a client turn that asked for such.
 */

/** Voice-to-voice times kept for the percentiles. */
const MAX_TIMES = 5000;

/** Turn handlers of server events. */
export const turnServerHandlers: Handlers = {
  'input_audio_buffer.speech_started': speechStarted,
  'input_audio_buffer.speech_stopped': speechStopped,
  'input_audio_buffer.committed': committed,
  'input_audio_buffer.cleared': bufferCleared,
  'conversation.item.added': itemAppeared,
  'conversation.item.created': itemAppeared,
  error: requestRefused,
};

/** Turn handlers of client events. */
export const turnClientHandlers: Handlers = {
  'input_audio_buffer.append': appended,
  'conversation.item.create': clientSentItem,
  'response.create': clientAsked,
};

/** Ties a new response to the turn that it answers, and says which item that was. */
export function answerTurn(state: SessionState, event: FoldEvent, response: ResponseEntity): void {
  const turn = newestUnanswered(state, response.outOfBand);
  if (turn === undefined) return;
  turn.row.responseId = response.row.id;
  turn.open = false;
  touch(state.turns, turn, event.seq);
  response.turn = turn.row.ordinal;
  response.row.answersItemId = turn.row.kind === 'tool' ? null : turn.row.itemId;
}

/** Notes when the first sound of an answer came. */
export function hearAnswer(state: SessionState, event: FoldEvent, response: ResponseEntity): void {
  const turn = response.turn === null ? undefined : state.turns.live.get(response.turn);
  if (turn === undefined || turn.row.firstAudioAt !== null || event.at === null) return;
  turn.row.firstAudioAt = event.at;
  touch(state.turns, turn, event.seq);
  const stopped = turn.row.speechStoppedAt;
  if (stopped === null || event.at < stopped) return;
  turn.row.voiceToVoiceMs = (event.at - stopped) / 1000;
  measure(state, turn.row.voiceToVoiceMs);
}

function measure(state: SessionState, voiceToVoiceMs: number): void {
  state.voiceToVoice.push(voiceToVoiceMs);
  if (state.voiceToVoice.length > MAX_TIMES) state.voiceToVoice.shift();
  const sorted = state.voiceToVoice.toSorted((a, b) => a - b);
  state.row.voiceToVoiceP50Ms = percentile(sorted, 0.5);
  state.row.voiceToVoiceP95Ms = percentile(sorted, 0.95);
}

/** Nearest rank: a value that was measured, never one between two. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** Ties a response that ended with `turn_detected` to the speech that cut it: the newest that began while it ran. */
export function blameSpeech(state: SessionState, event: FoldEvent, response: ResponseEntity): void {
  const turn = findBack(state, (candidate) => candidate.began && candidate.row.interruptedResponseId === null);
  if (turn === undefined || turn.row.firstSeq < response.row.firstSeq) return;
  turn.row.interruptedResponseId = response.row.id;
  touch(state.turns, turn, event.seq);
}

/** A provider session began anew: nothing that waited for an answer will get one. */
export function abandonTurns(state: SessionState): void {
  for (const turn of state.turns.live.values()) turn.open = false;
  state.input.bytes = 0;
}

function speechStarted(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const itemId = decoded.keys.itemId;
  const known = itemId === null ? undefined : turnOfItem(state, itemId);
  const turn = known ?? addTurn(state, event, 'speech', itemId);
  turn.began = true;
  touch(state.turns, turn, event.seq);
  turn.row.speechStartedAt ??= event.at;
  turn.row.audioStartMs ??= wireMs(decoded.body['audio_start_ms']);
}

function speechStopped(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const turn = speechTurn(state, event, decoded.keys.itemId);
  turn.complete = true;
  turn.row.speechStoppedAt = event.at;
  turn.row.audioEndMs = wireMs(decoded.body['audio_end_ms']) ?? turn.row.audioEndMs;
}

function committed(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const turn = speechTurn(state, event, decoded.keys.itemId);
  turn.complete = true;
  turn.committed = true;
  turn.row.committedAt ??= event.at;
  if (!turn.began && state.input.bytes > 0) turn.inputMs = state.input.bytes / state.input.bytesPerMs;
  state.input.bytes = 0;
}

function bufferCleared(state: SessionState): void {
  state.input.bytes = 0;
}

function appended(state: SessionState, event: FoldEvent): void {
  state.input.bytes += event.audioBytes;
}

/** The server took a user's message or a tool's output into the conversation. */
function itemAppeared(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const item = objectAt(decoded.body, 'item');
  const kind = kindOf(item);
  const itemId = decoded.keys.itemId;
  if (kind === null || itemId === null || turnOfItem(state, itemId) !== undefined) return;
  const turn = awaitingTurn(state, kind) ?? openTurn(state, event, kind);
  turn.awaiting = Math.max(0, turn.awaiting - 1);
  turn.complete = true;
  tieItem(state, turn, itemId);
  touch(state.turns, turn, event.seq);
}

/** Known from the client already, so that its `response.create` right behind is not taken for a turn of its own. */
function clientSentItem(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const item = objectAt(decoded.body, 'item');
  const kind = kindOf(item);
  if (kind === null) return;
  const turn = openTurn(state, event, kind);
  turn.complete = true;
  turn.awaiting += 1;
  touch(state.turns, turn, event.seq);
}

function clientAsked(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const outOfBand = stringAt(objectAt(decoded.body, 'response'), 'conversation') === 'none';
  if (!outOfBand && newestUnanswered(state, false) !== undefined) return;
  const turn = addTurn(state, event, askedKind(state, decoded.body), null);
  turn.complete = true;
  turn.outOfBand = outOfBand;
}

/** In a Responses stream the request itself brings what is to be answered. */
function askedKind(state: SessionState, body: JsonObject): TurnView['kind'] {
  if (state.dialect.dialect !== 'responses') return 'client';
  const inputs = [...arrayAt(body, 'input'), ...arrayAt(objectAt(body, 'response'), 'input')];
  if (inputs.some((item) => /_output$/.test(stringAt(item, 'type') ?? ''))) return 'tool';
  const text = stringAt(body, 'input') ?? inputs.find((item) => stringAt(item, 'role') === 'user');
  return text === undefined ? 'client' : 'text';
}

/** A refused `response.create` leaves no turn waiting for an answer. */
function requestRefused(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  if (codeOf(objectAt(decoded.body, 'error')) !== 'conversation_already_has_active_response') return;
  const turn = findBack(state, (candidate) => candidate.row.kind === 'client' && candidate.open);
  if (turn === undefined) return;
  turn.open = false;
  touch(state.turns, turn, event.seq);
}

function kindOf(item: JsonObject | undefined): 'speech' | 'text' | 'tool' | null {
  const type = stringAt(item, 'type');
  if (type === 'function_call_output') return 'tool';
  if (type !== 'message' || stringAt(item, 'role') !== 'user') return null;
  return arrayAt(item, 'content').some((part) => stringAt(part, 'type') === 'input_audio') ? 'speech' : 'text';
}

function awaitingTurn(state: SessionState, kind: TurnView['kind']): TurnEntity | undefined {
  let oldest: TurnEntity | undefined;
  findBack(state, (turn) => {
    if (turn.row.kind === kind && turn.awaiting > 0) oldest = turn;
    return false;
  });
  return oldest;
}

/** Outputs of tools that come together are one turn; every message is its own. */
function openTurn(state: SessionState, event: FoldEvent, kind: TurnView['kind']): TurnEntity {
  const newest = kind === 'tool' ? state.turns.live.get(state.turns.count) : undefined;
  return newest?.row.kind === 'tool' && newest.open ? newest : addTurn(state, event, kind, null);
}
