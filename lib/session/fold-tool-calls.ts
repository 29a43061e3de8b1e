import type { JsonObject } from '#lib/base/json.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/base/kept-id.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { FoldEvent, Handlers } from './fold-event.ts';
import { forTypes } from './handler-table.ts';
import { callInput, callOutput } from './item-table.ts';
import { ARGUMENT_DELTAS, ARGUMENT_DONES } from './output-deltas.ts';
import type { ResponseEntity, SessionState, ToolCallEntity } from './state.ts';
import { grow, touch } from './table.ts';
import { callByItem, callOf, kindOfCall } from './tool-call-table.ts';
import { appendText, boundText, wireWord } from './wire-text.ts';

/**
 * Tool calls: in_progress (arguments stream) → called (arguments whole) → answered (the client sent the output, or the provider's
 * own tool finished) → continued (a response followed the client's output). `cancelled` and `failed` end a call that its response did not finish.
 */

const MAX_ANSWERED = 200;

/** Tool call handlers of server events. */
export const toolCallServerHandlers: Handlers = {
  'response.output_item.added': outputAdded,
  'response.output_item.done': outputDone,
  'conversation.item.added': itemEchoed,
  'conversation.item.created': itemEchoed,
  'conversation.item.done': itemEchoed,
  ...forTypes(ARGUMENT_DELTAS, argumentDelta),
  ...forTypes(ARGUMENT_DONES, argumentDone),
  'response.mcp_call.completed': serverToolDone,
  'response.mcp_call.failed': serverToolFailed,
  'response.web_search_call.completed': serverToolDone,
  'response.file_search_call.completed': serverToolDone,
  'response.code_interpreter_call.completed': serverToolDone,
  'response.image_generation_call.completed': serverToolDone,
};

/** Tool call handlers of client events. */
export const toolCallClientHandlers: Handlers = {
  'conversation.item.create': outputSent,
  'response.create': outputsAsked,
};

/** Takes over what an output item says of a call; `final` once the item is whole. */
export function describeCall(
  state: SessionState,
  event: FoldEvent,
  item: JsonObject,
  responseKey: string | null,
  final: boolean,
): void {
  const kind = kindOfCall(stringAt(item, 'type'));
  const call =
    kind === null ? undefined : callOf(state, event, { kind, callId: stringAt(item, 'call_id'), itemId: stringAt(item, 'id') });
  if (call === undefined) return;
  call.row.responseId ??= responseKey;
  call.row.name = wireWord(item['name']) ?? call.row.name ?? (kind === 'builtin' ? wireWord(item['type']) : null);
  const input = callInput(item);
  if (input !== null && input !== '') setArguments(state, call, input);
  if (final) settle(state, event, call, item);
}

/** A response ended: calls that it did not finish will never be made, and those that the provider makes itself end with it. */
export function endCalls(state: SessionState, event: FoldEvent, response: ResponseEntity): void {
  if (response.row.status === 'completed') return;
  for (const itemId of response.row.itemIds) {
    const call = callByItem(state, itemId);
    if (call === undefined || !isUnfinished(call)) continue;
    setStatus(state, event, call, response.row.status === 'failed' ? 'failed' : 'cancelled');
  }
}

/** One whose call id is not merely its item's is answered by the client, see `endsWithItem`. */
function isUnfinished({ row: { status, kind, callId, itemId } }: ToolCallEntity): boolean {
  return status === 'in_progress' || (status === 'called' && (kind === 'mcp' || (kind === 'builtin' && callId === itemId)));
}

/** A response of the conversation began: it follows every output that was sent before it. */
export function continueCalls(state: SessionState, event: FoldEvent, response: ResponseEntity): void {
  if (state.answeredCalls.length === 0 || response.outOfBand) return;
  for (const key of state.answeredCalls) {
    const call = state.toolCalls.live.get(key);
    if (call?.row.status !== 'answered') continue;
    call.row.followUpResponseId = response.row.id;
    setStatus(state, event, call, 'continued');
  }
  state.answeredCalls = [];
}

function outputAdded(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const item = objectAt(decoded.body, 'item');
  if (item !== undefined) describeCall(state, event, item, responseKeyOf(state, decoded), false);
}

function outputDone(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const item = objectAt(decoded.body, 'item');
  if (item === undefined) return;
  describeCall(state, event, item, responseKeyOf(state, decoded), true);
  // A shell in the provider's own container brings its output as an item of the same response.
  if (stringAt(item, 'type')?.endsWith('_call_output') === true) takeOutput(state, event, item, false);
}

function responseKeyOf(state: SessionState, decoded: DecodedEvent): string | null {
  return decoded.keys.responseId === null ? state.currentResponse : keptId(decoded.keys.responseId);
}

function settle(state: SessionState, event: FoldEvent, call: ToolCallEntity, item: JsonObject): void {
  const status = item['status'];
  if (status === 'incomplete') cancelUncalled(state, event, call);
  if (status === 'incomplete' || status === 'in_progress') return;
  markCalled(state, event, call);
  const output = callOutput(item);
  if (status === 'failed' || (item['error'] !== undefined && item['error'] !== null)) failCall(state, event, call, output);
  else if (endsWithItem(call, item, output)) answer(state, event, call, output);
}

/** Tools that the provider runs are over with their item; a shell or a computer waits for the client, like a function. */
function endsWithItem(call: ToolCallEntity, item: JsonObject, output: string | null): boolean {
  if (call.row.kind === 'function' || call.row.kind === 'custom' || typeof item['call_id'] === 'string') return false;
  return output !== null || call.row.kind === 'builtin';
}

/** The closing event of the arguments comes also where they were cut: only the item tells that nobody is to run them. */
function cancelUncalled(state: SessionState, event: FoldEvent, call: ToolCallEntity): void {
  if (call.row.status === 'in_progress' || call.row.status === 'called') setStatus(state, event, call, 'cancelled');
}

function argumentDelta(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const delta = decoded.body['delta'];
  const call = callOfEvent(state, event, decoded);
  if (call === undefined || typeof delta !== 'string' || call.row.status !== 'in_progress') return;
  call.row.argumentsText = appendText(call.row.argumentsText, delta);
  grow(state.toolCalls, call, delta.length);
}

function argumentDone(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const call = callOfEvent(state, event, decoded);
  if (call === undefined) return;
  const { body } = decoded;
  const input = stringAt(body, 'arguments') ?? stringAt(body, 'input') ?? stringAt(body, 'code') ?? stringAt(body, 'command');
  if (input !== undefined && input !== '') setArguments(state, call, boundText(input));
  call.row.name = wireWord(body['name']) ?? call.row.name;
  markCalled(state, event, call);
}

function callOfEvent(state: SessionState, event: FoldEvent, decoded: DecodedEvent): ToolCallEntity | undefined {
  const { callId, itemId } = decoded.keys;
  const kind = kindOfArguments(decoded.canonicalType);
  const call = callOf(state, event, { kind, callId: callId ?? undefined, itemId: itemId ?? undefined });
  if (call !== undefined) call.row.responseId ??= responseKeyOf(state, decoded);
  return call;
}

function kindOfArguments(type: string): ToolCallEntity['row']['kind'] {
  if (type.startsWith('response.function_call')) return 'function';
  if (type.startsWith('response.mcp_call')) return 'mcp';
  return type.startsWith('response.custom_tool') ? 'custom' : 'builtin';
}

function serverToolDone(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const call = decoded.keys.itemId === null ? undefined : callByItem(state, keptId(decoded.keys.itemId));
  if (call === undefined) return;
  markCalled(state, event, call);
  answer(state, event, call, null);
}

function serverToolFailed(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const call = decoded.keys.itemId === null ? undefined : callByItem(state, keptId(decoded.keys.itemId));
  if (call !== undefined) failCall(state, event, call, null);
}

function outputSent(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const item = objectAt(decoded.body, 'item');
  if (item !== undefined) takeOutput(state, event, item, true);
}

/**
 * An item of the conversation. Seen from the server's side alone, its echo is the first that is known of an output;
 * a call that no response announced was put there by the client, with the history that it replays.
 */
function itemEchoed(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const item = objectAt(decoded.body, 'item');
  if (item === undefined) return;
  if (item['type'] === 'function_call_output') takeOutput(state, event, item, true);
  else
    describeCall(state, event, item, null, item['status'] === 'completed' || decoded.canonicalType === 'conversation.item.done');
}

/** In a Responses stream the outputs come inside the next request. */
function outputsAsked(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const inputs = decoded.body['input'] ?? objectAt(decoded.body, 'response')?.['input'];
  if (!Array.isArray(inputs)) return;
  for (const item of inputs.slice(0, MAX_ANSWERED)) {
    if (stringAt(item, 'type')?.endsWith('_output') === true) takeOutput(state, event, item as JsonObject, true);
  }
}

function takeOutput(state: SessionState, event: FoldEvent, item: JsonObject, byClient: boolean): void {
  const callId = stringAt(item, 'call_id');
  const type = stringAt(item, 'type') ?? '';
  if (callId === undefined || callId === '' || !type.endsWith('_output')) return;
  const kind = kindOfCall(type.slice(0, -'_output'.length));
  const call = callOf(state, event, { kind: kind ?? 'function', callId, itemId: undefined });
  if (call === undefined || call.row.outputSeq !== null) return;
  answer(state, event, call, callOutput(item) ?? '');
  if (byClient && state.answeredCalls.length < MAX_ANSWERED) state.answeredCalls.push(keptId(callId));
}

function answer(state: SessionState, event: FoldEvent, call: ToolCallEntity, output: string | null): void {
  setOutput(state, call, output);
  if (call.row.outputSeq === null) {
    call.row.outputSeq = event.seq;
    call.row.outputAt = event.at;
  }
  if (call.row.status === 'in_progress' || call.row.status === 'called') setStatus(state, event, call, 'answered');
}

function failCall(state: SessionState, event: FoldEvent, call: ToolCallEntity, output: string | null): void {
  setOutput(state, call, output);
  setStatus(state, event, call, 'failed');
}

function markCalled(state: SessionState, event: FoldEvent, call: ToolCallEntity): void {
  if (call.row.calledSeq !== null) return;
  call.row.calledSeq = event.seq;
  call.row.calledAt = event.at;
  if (call.row.status === 'in_progress') setStatus(state, event, call, 'called');
}

function setStatus(state: SessionState, event: FoldEvent, call: ToolCallEntity, status: ToolCallEntity['row']['status']): void {
  call.row.status = status;
  call.open = status === 'in_progress' || status === 'called';
  touch(state.toolCalls, call, event.seq);
}

function setArguments(state: SessionState, call: ToolCallEntity, text: string): void {
  grow(state.toolCalls, call, text.length - call.row.argumentsText.length);
  call.row.argumentsText = text;
}

function setOutput(state: SessionState, call: ToolCallEntity, output: string | null): void {
  if (output === null) return;
  grow(state.toolCalls, call, output.length - (call.row.output?.length ?? 0));
  call.row.output = output;
}
