import { keptId } from '#lib/base/kept-id.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { FoldEvent } from './fold-event.ts';
import type { ResponseEntity, SessionState } from './state.ts';
import { addRow, touch } from './table.ts';

const MAX_ITEMS = 500;

const EMPTY_RESPONSE = {
  status: 'in_progress',
  reason: null,
  errorCode: null,
  errorMessage: null,
  createdAt: null,
  firstOutputAt: null,
  firstAudioAt: null,
  doneAt: null,
  doneSeq: null,
  conversationId: null,
  modalities: [],
  itemIds: [],
  usage: null,
  costUsd: null,
  audioDeltas: 0,
  audioMs: 0,
  answersItemId: null,
  metadata: null,
} as const;

/** The response of an id, made where it is new (its `response.created` was not seen); undefined where its row has left the state. */
export function responseOf(state: SessionState, event: FoldEvent, responseId: string): ResponseEntity | undefined {
  const key = keptId(responseId);
  const known = state.responses.live.get(key);
  if (known !== undefined) {
    touch(state.responses, known, event.seq);
    return known;
  }
  return state.responses.gone.has(key) ? undefined : addResponse(state, event, key);
}

/**
 * The response that an event is about: the one it names, else its item's, else the newest open one
 * (deltas of a Responses stream name neither).
 */
export function responseOfEvent(state: SessionState, event: FoldEvent, decoded: DecodedEvent): ResponseEntity | undefined {
  const { responseId, itemId } = decoded.keys;
  if (responseId !== null && !isRotated(state, decoded, responseId)) return responseOf(state, event, responseId);
  const ofItem = itemId === null ? null : state.items.live.get(keptId(itemId))?.row.responseId;
  const known =
    (ofItem === null || ofItem === undefined ? undefined : state.responses.live.get(ofItem)) ?? currentResponse(state);
  if (known !== undefined) touch(state.responses, known, event.seq);
  return known;
}

/**
 * Some proxies give each event of a Responses stream another response id. There, an event that continues or ends a response
 * nobody began is about the one that is open.
 */
function isRotated(state: SessionState, decoded: DecodedEvent, responseId: string): boolean {
  if (state.currentResponse === null || !isResponsesEvent(decoded) || decoded.canonicalType === 'response.created') return false;
  return !state.responses.live.has(keptId(responseId));
}

/** Whether an event is one of a Responses stream, also where the Live API wraps it. */
export function isResponsesEvent(decoded: DecodedEvent): boolean {
  if (decoded.entry !== null) return decoded.entry.group === 'responses';
  return typeof decoded.body['sequence_number'] === 'number' && decoded.keys.eventId === null;
}

/** The newest response of the conversation that has not ended. */
export function currentResponse(state: SessionState): ResponseEntity | undefined {
  return state.currentResponse === null ? undefined : state.responses.live.get(state.currentResponse);
}

/** Adds an item to a response's output, once. */
export function addOutputItem(response: ResponseEntity, key: string): void {
  const { itemIds } = response.row;
  if (!itemIds.includes(key) && itemIds.length < MAX_ITEMS) response.row.itemIds = [...itemIds, key];
}

/** A response whose id a log left out, named by us: `response:<n>`. Further events without an id are about it while it is open. */
export function unnamedResponse(state: SessionState, event: FoldEvent): ResponseEntity {
  return addResponse(state, event, unnamedKey(state.responses.count + 1));
}

function unnamedKey(ordinal: number): string {
  return `response:${ordinal}`;
}

function isUnnamed({ row }: ResponseEntity): boolean {
  return row.id === unnamedKey(row.ordinal);
}

/**
 * The response that a terminal event ends. One that a log left without an id ends the newest open one without, else the open one; else it is
 * a second end of the newest, if that has an id or was cancelled without a reason.
 */
export function endedResponse(state: SessionState, event: FoldEvent, decoded: DecodedEvent): ResponseEntity | undefined {
  if (decoded.keys.responseId !== null) return responseOfEvent(state, event, decoded);
  const known = [...state.responses.live.values()];
  const newest = known.at(-1);
  const mayEndTwice =
    newest !== undefined && (!isUnnamed(newest) || (newest.row.status === 'cancelled' && newest.row.reason === null));
  const unnamed = known.findLast((one) => one.open && isUnnamed(one));
  const response = unnamed ?? currentResponse(state) ?? (mayEndTwice ? newest : undefined);
  if (response !== undefined) touch(state.responses, response, event.seq);
  return response ?? unnamedResponse(state, event);
}

function addResponse(state: SessionState, event: FoldEvent, key: string): ResponseEntity {
  const ordinal = state.responses.count + 1;
  const response: ResponseEntity = {
    row: { ...EMPTY_RESPONSE, id: key, ordinal, firstSeq: event.seq, lastSeq: event.seq },
    audioBytes: 0,
    bytesPerMs: state.outputBytesPerMs,
    slots: [],
    model: null,
    outOfBand: false,
    turn: null,
    changed: false,
    open: true,
    units: 0,
  };
  addRow(state.responses, key, response);
  return response;
}
