import type { JsonObject } from '#lib/base/json.ts';
import { arrayAt, objectAt, stringAt } from '#lib/base/json.ts';
import { keptId, keptIdOrNull } from '#lib/base/kept-id.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { FoldEvent } from './fold-event.ts';
import { isResponsesEvent } from './response-table.ts';
import type { ItemEntity, ItemPart, ResponseEntity, SessionState } from './state.ts';
import { addRow, grow, touch } from './table.ts';
import { turnOfItem } from './turn-table.ts';
import { appendText, boundText, textOf, wireSentence, wireWord } from './wire-text.ts';

/** Content parts kept of one item, and as many summaries. */
const MAX_PARTS = 64;
/** Places of a response's output that are remembered. */
const MAX_SLOTS = 500;
/** Index of the first reasoning summary among an item's parts. */
export const SUMMARY_BASE = 1000;

const EMPTY_ITEM = {
  role: null,
  status: null,
  previousItemId: null,
  responseId: null,
  callId: null,
  name: null,
  text: null,
  textFinal: false,
  argumentsText: null,
  output: null,
  transcriptionStatus: 'none',
  errorMessage: null,
  doneAt: null,
  audioMs: 0,
  truncatedAtMs: null,
  deleted: false,
} as const;

/**
 * The key of the item that an event is about. In a Responses stream the place in the output decides where the id is new,
 * since some proxies give each event another item id.
 */
export function itemKeyOf(state: SessionState, decoded: DecodedEvent): string | null {
  const { itemId, outputIndex } = decoded.keys;
  const key = keptIdOrNull(itemId);
  if (key !== null && state.items.live.has(key)) return key;
  if (outputIndex === null || outputIndex >= MAX_SLOTS || state.currentResponse === null || !isResponsesEvent(decoded))
    return key;
  const response = state.responses.live.get(state.currentResponse);
  const known = response?.slots[outputIndex] ?? null;
  if (known !== null) return known;
  if (response !== undefined && key !== null) fillSlot(response, outputIndex, key);
  return key;
}

function fillSlot(response: ResponseEntity, index: number, key: string): void {
  while (response.slots.length < index) response.slots.push(null);
  response.slots[index] = key;
}

/** The item of an id, made where it is new; undefined without an id, or where its row has left the state. */
export function itemOf(state: SessionState, event: FoldEvent, itemId: string | null, type: string): ItemEntity | undefined {
  if (itemId === null) return undefined;
  const key = keptId(itemId);
  const known = state.items.live.get(key);
  if (known !== undefined) {
    touch(state.items, known, event.seq);
    return known;
  }
  return state.items.gone.has(key) ? undefined : addItem(state, event, key, type);
}

function addItem(state: SessionState, event: FoldEvent, key: string, type: string): ItemEntity {
  const ordinal = state.items.count + 1;
  const entity: ItemEntity = {
    row: { ...EMPTY_ITEM, id: key, ordinal, firstSeq: event.seq, lastSeq: event.seq, type, createdAt: event.at },
    parts: [],
    audioBytes: 0,
    bytesPerMs: state.outputBytesPerMs,
    inputMs: inputMsOf(state, key),
    changed: false,
    open: true,
    units: 0,
  };
  addRow(state.items, key, entity);
  return entity;
}

/** How long the user's speech of an item was: from its speech events, else from the audio appended for it. */
function inputMsOf(state: SessionState, key: string): number {
  const turn = turnOfItem(state, key);
  if (turn === undefined) return 0;
  const { audioStartMs, audioEndMs } = turn.row;
  if (audioStartMs !== null && audioEndMs !== null) return Math.max(0, audioEndMs - audioStartMs);
  return turn.inputMs ?? 0;
}

/** Ties an output item to its response: the one that the event names, else the newest open one. */
export function tieToResponse(state: SessionState, item: ItemEntity, responseId: string | null): void {
  if (item.row.responseId !== null) return;
  const key = responseId === null ? state.currentResponse : keptId(responseId);
  item.row.responseId = key;
  const response = key === null ? undefined : state.responses.live.get(key);
  if (response !== undefined) item.bytesPerMs = response.bytesPerMs;
}

/** Appends a delta to one part. A second wire name for the same part is an echo and left out. */
export function appendPart(state: SessionState, item: ItemEntity, index: number, source: string, delta: string): void {
  const part = partOf(item, index, source);
  if (part === undefined || part.final || part.source !== source) return;
  part.text = appendText(part.text, delta);
  grow(state.items, item, delta.length);
}

/** Sets one part to its whole text. An empty one does not wipe what was heard. */
export function setPart(state: SessionState, item: ItemEntity, index: number, text: string, final: boolean): void {
  const part = partOf(item, index, '');
  if (part === undefined) return;
  if (text !== '' || part.text === '') {
    const before = part.text.length;
    part.text = boundText(text);
    grow(state.items, item, part.text.length - before);
  }
  if (final) part.final = true;
}

/** Appends to the input of a call. */
export function appendArguments(state: SessionState, item: ItemEntity, delta: string): void {
  item.row.argumentsText = appendText(item.row.argumentsText ?? '', delta);
  grow(state.items, item, delta.length);
}

function partOf(item: ItemEntity, index: number, source: string): ItemPart | undefined {
  const last = item.parts[item.parts.length - 1];
  if (last?.index === index) return last;
  const known = item.parts.find((part) => part.index === index);
  if (known !== undefined || item.parts.length >= MAX_PARTS * 2) return known;
  const part: ItemPart = { index, source, text: '', final: false, billed: false };
  item.parts.push(part);
  return part;
}

/** Takes over what an item object of the wire says: identity, content, call, output, error. */
export function describeItem(state: SessionState, entity: ItemEntity, item: JsonObject, final: boolean): void {
  const { row } = entity;
  row.type = wireWord(item['type']) ?? row.type;
  row.role = wireWord(item['role']) ?? row.role;
  row.status = wireWord(item['status']) ?? row.status;
  row.name = wireWord(item['name']) ?? wireWord(item['server_label']) ?? row.name;
  const callId = stringAt(item, 'call_id');
  if (callId !== undefined && callId !== '') row.callId = keptId(callId);
  describeContent(state, entity, item, final);
  describeCall(state, entity, item);
}

function describeContent(state: SessionState, entity: ItemEntity, item: JsonObject, final: boolean): void {
  // A truncated item comes back without its transcript: what was said stays on record.
  if (entity.row.truncatedAtMs !== null) return;
  for (const [base, key] of [
    [0, 'content'],
    [SUMMARY_BASE, 'summary'],
  ] as const) {
    for (const [index, part] of arrayAt(item, key).slice(0, MAX_PARTS).entries()) {
      const text = stringAt(part, 'text') ?? stringAt(part, 'transcript') ?? stringAt(part, 'refusal');
      if (text !== undefined) setPart(state, entity, base + index, text, final && text !== '');
    }
  }
}

function describeCall(state: SessionState, entity: ItemEntity, item: JsonObject): void {
  const { row } = entity;
  const args = callInput(item);
  if (args !== null && args !== '') {
    grow(state.items, entity, args.length - (row.argumentsText?.length ?? 0));
    row.argumentsText = args;
  } else if (args === '') row.argumentsText ??= '';
  const output = callOutput(item);
  if (output !== null) {
    grow(state.items, entity, output.length - (row.output?.length ?? 0));
    row.output = output;
  }
  const error = item['error'];
  row.errorMessage = wireSentence(stringAt(objectAt(item, 'error'), 'message') ?? error) ?? row.errorMessage;
}

/** What a call was given, whatever its kind calls it. */
export function callInput(item: JsonObject): string | null {
  return textOf(item['arguments'] ?? item['input'] ?? item['code'] ?? item['action'] ?? item['queries']);
}

/** What a call gave back, whatever its kind calls it. */
export function callOutput(item: JsonObject): string | null {
  return textOf(item['output'] ?? item['outputs'] ?? item['results'] ?? item['tools']);
}

/** Nothing more is expected of an item, except that a user's transcript may still come. */
export function finishItem(entity: ItemEntity, event: FoldEvent): void {
  entity.row.doneAt ??= event.at;
  entity.open = false;
  if (entity.row.role !== 'user') for (const part of entity.parts) part.final = true;
}
