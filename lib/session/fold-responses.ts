import type { JsonObject } from '#lib/base/json.ts';
import { arrayAt, isJsonObject, objectAt, stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/base/kept-id.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import { outputFormatOf } from './audio-format.ts';
import type { FoldEvent, Handlers } from './fold-event.ts';
import { continueCalls, describeCall, endCalls } from './fold-tool-calls.ts';
import { answerTurn, blameSpeech, hearAnswer } from './fold-turns.ts';
import { chargeResponse } from './fold-usage.ts';
import { forTypes } from './handler-table.ts';
import { describeItem, finishItem, itemKeyOf, itemOf, tieToResponse } from './item-table.ts';
import { ARGUMENT_DELTAS, ARGUMENT_DONES, AUDIO_DELTAS, SUMMARY_DELTAS, TEXT_DELTAS, TEXT_DONES } from './output-deltas.ts';
import type { ResponseEnding } from './response-ending.ts';
import { readEnding, readStreamFailure } from './response-ending.ts';
import { addOutputItem, currentResponse, endedResponse, responseOf, responseOfEvent, unnamedResponse } from './response-table.ts';
import type { ResponseEntity, SessionState } from './state.ts';
import { touch } from './table.ts';
import { boundJson, wireWord } from './wire-text.ts';

/**
 * Responses: in_progress (first sight, usually `response.created`) → the status of the terminal event: `response.done` on Realtime,
 * `response.completed | incomplete | failed` on Responses streams. One that is never closed stays in_progress.
 */

const MAX_OUTPUTS = 500;
const MAX_REASONS = 50;

/** Response handlers of server events. */
export const responseServerHandlers: Handlers = {
  'response.created': created,
  'response.queued': progressed,
  'response.in_progress': progressed,
  'response.done': ended,
  'response.completed': ended,
  'response.incomplete': ended,
  'response.failed': ended,
  'response.cancelled': ended,
  error: streamFailed,
  'response.output_item.added': outputItem,
  'response.output_item.done': outputItem,
  ...forTypes(AUDIO_DELTAS, audioDelta),
  ...forTypes([...TEXT_DELTAS, ...SUMMARY_DELTAS, ...ARGUMENT_DELTAS, ...TEXT_DONES, ...ARGUMENT_DONES], outputGrew),
  'output_audio_buffer.started': playbackStarted,
};

function created(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const isNamed = decoded.keys.responseId !== null;
  const response = isNamed ? responseOfEvent(state, event, decoded) : unnamedResponse(state, event);
  if (response === undefined) return;
  const { row } = response;
  describe(state, response, objectAt(decoded.body, 'response') ?? {});
  row.createdAt ??= event.at;
  if (!response.open) return;
  if (!response.outOfBand) state.currentResponse = row.id;
  if (response.turn === null) answerTurn(state, event, response);
  continueCalls(state, event, response);
}

function progressed(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const response = responseOfEvent(state, event, decoded);
  if (response !== undefined) describe(state, response, objectAt(decoded.body, 'response') ?? {});
}

function describe(state: SessionState, response: ResponseEntity, body: JsonObject): void {
  const { row } = response;
  if (response.open) row.status = wireWord(body['status']) ?? row.status;
  if (body['conversation_id'] === null) response.outOfBand = true;
  row.conversationId = wireWord(body['conversation_id']) ?? row.conversationId;
  const modalities = [...arrayAt(body, 'output_modalities'), ...arrayAt(body, 'modalities')].slice(0, 8);
  if (modalities.length > 0) row.modalities = modalities.map(wireWord).filter((word) => word !== null);
  if (isJsonObject(body['metadata'])) row.metadata = boundJson(body['metadata']);
  response.bytesPerMs = outputFormatOf(body) ?? response.bytesPerMs;
  response.model = wireWord(body['model']) ?? response.model;
  // A Responses stream names its model nowhere else.
  state.row.model ??= response.model;
}

function ended(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const response = endedResponse(state, event, decoded);
  if (response === undefined) return;
  const body = objectAt(decoded.body, 'response') ?? {};
  describe(state, response, body);
  chargeResponse(state, response, decoded, response.model ?? state.row.model);
  if (state.currentResponse === response.row.id) state.currentResponse = null;
  const ending = readEnding(decoded);
  if (response.row.doneSeq !== null) {
    learnReason(state, event, response, ending);
    return;
  }
  close(state, event, response, ending);
  takeOutputs(state, event, response, body);
  endCalls(state, event, response);
  finishItems(state, event, response);
}

/** A Responses stream may end with a bare error in place of a terminal event. */
function streamFailed(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const failure = readStreamFailure(decoded);
  const response = currentResponse(state);
  if (failure === null || response === undefined) return;
  touch(state.responses, response, event.seq);
  state.currentResponse = null;
  close(state, event, response, failure);
  endCalls(state, event, response);
  finishItems(state, event, response);
}

function close(state: SessionState, event: FoldEvent, response: ResponseEntity, ending: ResponseEnding): void {
  const { row } = response;
  Object.assign(row, ending);
  row.doneAt = event.at;
  row.doneSeq = event.seq;
  response.open = false;
  count(state, ending);
  if (row.reason === 'turn_detected') blameSpeech(state, event, response);
}

/** A clone that says `response.cancelled` may tell the reason only in the `response.done` behind it. */
function learnReason(state: SessionState, event: FoldEvent, response: ResponseEntity, { reason }: ResponseEnding): void {
  const { row } = response;
  if (row.status !== 'cancelled' || row.reason !== null || reason === null) return;
  row.reason = reason;
  countReason(state, null, -1);
  countReason(state, reason, 1);
  if (reason === 'turn_detected') blameSpeech(state, event, response);
}

function count(state: SessionState, { status, reason }: ResponseEnding): void {
  if (status !== 'completed' && status !== 'cancelled' && status !== 'failed' && status !== 'incomplete') return;
  state.counts[status] += 1;
  if (status === 'cancelled') countReason(state, reason, 1);
}

function countReason({ cancelledByReason: known }: SessionState, reason: string | null, more: 1 | -1): void {
  const key = reason ?? 'unknown';
  const name = known.has(key) || known.size < MAX_REASONS ? key : 'other';
  const times = (known.get(name) ?? 0) + more;
  if (times > 0) known.set(name, times);
  else known.delete(name);
}

/** The terminal event repeats all output: it fills in what no other event brought. */
function takeOutputs(state: SessionState, event: FoldEvent, response: ResponseEntity, body: JsonObject): void {
  for (const [index, output] of arrayAt(body, 'output').slice(0, MAX_OUTPUTS).entries()) {
    if (!isJsonObject(output)) continue;
    const id = outputId(state, response, output, index);
    const item = itemOf(state, event, id, wireWord(output['type']) ?? 'message');
    if (item !== undefined) {
      tieToResponse(state, item, response.row.id);
      describeItem(state, item, output, true);
      finishItem(item, event);
      addOutputItem(response, item.row.id);
    }
    describeCall(state, event, output, response.row.id, true);
  }
}

/** Its own id, unless that is new while another item already stands in its place: then the provider changes ids. */
function outputId(state: SessionState, response: ResponseEntity, output: JsonObject, index: number): string | null {
  const id = stringAt(output, 'id') || null;
  const slot = response.slots[index] ?? null;
  return slot === null || (id !== null && state.items.live.has(keptId(id))) ? id : slot;
}

function finishItems(state: SessionState, event: FoldEvent, response: ResponseEntity): void {
  for (const itemId of response.row.itemIds) {
    const item = state.items.live.get(itemId);
    if (item?.open !== true) continue;
    const touched = itemOf(state, event, itemId, item.row.type) ?? item;
    if (response.row.status !== 'completed') touched.row.status = 'incomplete';
    touched.open = false;
  }
}

function outputItem(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const response = responseOfEvent(state, event, decoded);
  const itemKey = itemKeyOf(state, decoded);
  if (response !== undefined && itemKey !== null) addOutputItem(response, itemKey);
}

function audioDelta(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const response = responseOfEvent(state, event, decoded);
  if (response === undefined) return;
  response.row.audioDeltas += 1;
  response.audioBytes += event.audioBytes;
  if (response.row.firstAudioAt === null) heard(state, event, response);
}

function outputGrew(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const response = responseOfEvent(state, event, decoded);
  if (response !== undefined) response.row.firstOutputAt ??= event.at;
}

/** On WebRTC the sound itself is not in the stream; this is when the server began to send it. */
function playbackStarted(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const id = decoded.keys.responseId;
  const response = id === null ? currentResponse(state) : responseOf(state, event, id);
  if (response !== undefined && response.row.firstAudioAt === null) heard(state, event, response);
}

function heard(state: SessionState, event: FoldEvent, response: ResponseEntity): void {
  response.row.firstAudioAt = event.at;
  response.row.firstOutputAt ??= event.at;
  hearAnswer(state, event, response);
}
