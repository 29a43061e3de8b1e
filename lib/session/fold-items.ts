import { objectAt, stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/base/kept-id.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { FoldEvent, Handlers } from './fold-event.ts';
import { forTypes } from './handler-table.ts';
import {
  appendArguments,
  appendPart,
  describeItem,
  finishItem,
  itemKeyOf,
  itemOf,
  SUMMARY_BASE,
  setPart,
  tieToResponse,
} from './item-table.ts';
import {
  ARGUMENT_DELTAS,
  ARGUMENT_DONES,
  AUDIO_DELTAS,
  SUMMARY_DELTAS,
  SUMMARY_DONES,
  TEXT_DELTAS,
  TEXT_DONES,
} from './output-deltas.ts';
import type { ItemEntity, SessionState } from './state.ts';
import { wireMs, wireSentence, wireWord } from './wire-text.ts';

/** Items: what the conversation consists of, growing by deltas until an event brings the whole. */

/** Item handlers of server events. */
export const itemServerHandlers: Handlers = {
  'conversation.item.added': itemAdded,
  'conversation.item.created': itemAdded,
  'conversation.item.done': itemDone,
  'conversation.item.retrieved': itemRetrieved,
  'conversation.item.deleted': itemDeleted,
  'conversation.item.truncated': itemTruncated,
  'response.output_item.added': outputAdded,
  'response.output_item.done': outputDone,
  ...forTypes(TEXT_DELTAS, textDelta),
  ...forTypes(SUMMARY_DELTAS, summaryDelta),
  ...forTypes(AUDIO_DELTAS, audioDelta),
  ...forTypes(ARGUMENT_DELTAS, argumentDelta),
  ...forTypes(TEXT_DONES, textDone),
  ...forTypes(SUMMARY_DONES, textDone),
  ...forTypes(ARGUMENT_DONES, argumentDone),
  'mcp_list_tools.failed': toolListFailed,
  'response.mcp_list_tools.failed': toolListFailed,
  'conversation.item.input_audio_transcription.delta': transcriptionDelta,
  'conversation.item.input_audio_transcription.updated': transcriptionUpdated,
  'conversation.item.input_audio_transcription.segment': transcriptionSegment,
  'conversation.item.input_audio_transcription.completed': transcriptionCompleted,
  'conversation.item.input_audio_transcription.failed': transcriptionFailed,
};

function described(state: SessionState, event: FoldEvent, decoded: DecodedEvent, final: boolean): ItemEntity | undefined {
  const item = objectAt(decoded.body, 'item');
  const entity = itemOf(state, event, itemKeyOf(state, decoded), wireWord(item?.['type']) ?? 'message');
  if (entity === undefined || item === undefined) return entity;
  describeItem(state, entity, item, final);
  const previous = stringAt(decoded.body, 'previous_item_id');
  if (previous !== undefined && previous !== '') entity.row.previousItemId = keptId(previous);
  return entity;
}

/** An item that is finished when it appears is done with that: the beta and xAI send no other event for it. */
function itemAdded(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const status = stringAt(objectAt(decoded.body, 'item'), 'status');
  const done = status === 'completed' || status === 'incomplete';
  const entity = described(state, event, decoded, done);
  if (entity !== undefined && done) finishItem(entity, event);
}

function itemDone(state: SessionState, event: FoldEvent, decoded: DecodedEvent): ItemEntity | undefined {
  const entity = described(state, event, decoded, true);
  if (entity !== undefined) finishItem(entity, event);
  return entity;
}

function outputAdded(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = described(state, event, decoded, false);
  if (entity !== undefined) tieToResponse(state, entity, decoded.keys.responseId);
}

function outputDone(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = itemDone(state, event, decoded);
  if (entity !== undefined) tieToResponse(state, entity, decoded.keys.responseId);
}

/** The item that an event of a response's output is about. */
function outputItem(state: SessionState, event: FoldEvent, decoded: DecodedEvent, type: string): ItemEntity | undefined {
  const entity = itemOf(state, event, itemKeyOf(state, decoded), type);
  if (entity !== undefined && entity.row.responseId === null) tieToResponse(state, entity, decoded.keys.responseId);
  return entity;
}

function itemRetrieved(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const item = objectAt(decoded.body, 'item');
  const entity = itemOf(state, event, decoded.keys.itemId, wireWord(item?.['type']) ?? 'message');
  if (entity !== undefined && item !== undefined) describeItem(state, entity, item, false);
}

function itemDeleted(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = knownItem(state, event, decoded);
  if (entity !== undefined) entity.row.deleted = true;
}

function itemTruncated(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = knownItem(state, event, decoded);
  if (entity !== undefined) entity.row.truncatedAtMs = wireMs(decoded.body['audio_end_ms']) ?? entity.row.truncatedAtMs;
}

/** Neither dialect says why a server's tools could not be listed. */
function toolListFailed(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = itemOf(state, event, itemKeyOf(state, decoded), 'mcp_list_tools');
  if (entity === undefined) return;
  entity.row.status = 'failed';
  finishItem(entity, event);
}

/** Deleting or cutting an item that was never seen tells nothing worth a row. */
function knownItem(state: SessionState, event: FoldEvent, decoded: DecodedEvent): ItemEntity | undefined {
  const itemId = decoded.keys.itemId;
  return itemId === null || !state.items.live.has(keptId(itemId)) ? undefined : itemOf(state, event, itemId, 'message');
}

function textDelta(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const delta = decoded.body['delta'];
  if (typeof delta !== 'string') return;
  const entity = outputItem(state, event, decoded, 'message');
  if (entity !== undefined) appendPart(state, entity, decoded.keys.contentIndex ?? 0, decoded.type, delta);
}

function summaryDelta(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const delta = decoded.body['delta'];
  const entity = outputItem(state, event, decoded, 'reasoning');
  if (typeof delta !== 'string' || entity === undefined) return;
  appendPart(state, entity, SUMMARY_BASE + (decoded.keys.contentIndex ?? 0), decoded.type, delta);
}

function textDone(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const { body, keys } = decoded;
  const summary = decoded.canonicalType === SUMMARY_DONES[0];
  const entity = outputItem(state, event, decoded, summary ? 'reasoning' : 'message');
  const text = stringAt(body, 'text') ?? stringAt(body, 'transcript') ?? stringAt(body, 'refusal') ?? '';
  if (entity !== undefined) setPart(state, entity, (summary ? SUMMARY_BASE : 0) + (keys.contentIndex ?? 0), text, true);
}

function audioDelta(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = outputItem(state, event, decoded, 'message');
  if (entity !== undefined) entity.audioBytes += event.audioBytes;
}

function argumentDelta(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const delta = decoded.body['delta'];
  const entity = outputItem(state, event, decoded, 'function_call');
  if (entity !== undefined && typeof delta === 'string') appendArguments(state, entity, delta);
}

function argumentDone(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = outputItem(state, event, decoded, 'function_call');
  if (entity !== undefined) describeItem(state, entity, { ...doneInput(decoded), type: entity.row.type }, false);
}

/** The closing event of a call's input, as an item would say it. */
function doneInput({ body }: DecodedEvent): Record<string, string> {
  const input = stringAt(body, 'arguments') ?? stringAt(body, 'input') ?? stringAt(body, 'code') ?? stringAt(body, 'command');
  const said = { name: stringAt(body, 'name'), call_id: stringAt(body, 'call_id'), arguments: input };
  return Object.fromEntries(Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function transcriptionDelta(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = spokenItem(state, event, decoded);
  const delta = decoded.body['delta'];
  if (entity === undefined || typeof delta !== 'string') return;
  appendPart(state, entity, decoded.keys.contentIndex ?? 0, decoded.type, delta);
  if (entity.row.transcriptionStatus === 'none') entity.row.transcriptionStatus = 'partial';
}

/** xAI sends the transcript so far, each time whole. */
function transcriptionUpdated(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  takeTranscript(state, event, decoded, false);
}

function transcriptionSegment(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = spokenItem(state, event, decoded);
  if (entity === undefined) return;
  const text = stringAt(decoded.body, 'text') ?? '';
  const behind = entity.parts.some((part) => part.text !== '') ? ' ' : '';
  appendPart(state, entity, decoded.keys.contentIndex ?? 0, decoded.type, behind + text);
  if (entity.row.transcriptionStatus === 'none') entity.row.transcriptionStatus = 'partial';
}

/** xAI may say `completed` several times, with a status of its own until it is. */
function transcriptionCompleted(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  takeTranscript(state, event, decoded, stringAt(decoded.body, 'status') !== 'in_progress');
}

function takeTranscript(state: SessionState, event: FoldEvent, decoded: DecodedEvent, final: boolean): void {
  const entity = spokenItem(state, event, decoded);
  if (entity === undefined) return;
  setPart(state, entity, decoded.keys.contentIndex ?? 0, stringAt(decoded.body, 'transcript') ?? '', final);
  if (final) entity.row.transcriptionStatus = 'completed';
  else if (entity.row.transcriptionStatus === 'none') entity.row.transcriptionStatus = 'partial';
}

function transcriptionFailed(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const entity = spokenItem(state, event, decoded);
  if (entity === undefined) return;
  entity.row.transcriptionStatus = 'failed';
  entity.row.errorMessage = wireSentence(stringAt(objectAt(decoded.body, 'error'), 'message')) ?? entity.row.errorMessage;
}

function spokenItem(state: SessionState, event: FoldEvent, decoded: DecodedEvent): ItemEntity | undefined {
  const entity = itemOf(state, event, decoded.keys.itemId, 'message');
  if (entity !== undefined) entity.row.role ??= 'user';
  return entity;
}
