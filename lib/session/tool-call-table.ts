import { keptId } from '#lib/base/kept-id.ts';
import type { FoldEvent } from './fold-event.ts';
import type { SessionState, ToolCallEntity } from './state.ts';
import { addRow, touch } from './table.ts';
import type { ToolCallView } from './view.ts';

const MAX_REMEMBERED = 4000;

const EMPTY_CALL = {
  itemId: null,
  responseId: null,
  name: null,
  argumentsText: '',
  status: 'in_progress',
  output: null,
  calledAt: null,
  calledSeq: null,
  outputAt: null,
  outputSeq: null,
  followUpResponseId: null,
} as const;

/** What names a call on the wire; a function call without a call id (a Responses delta) is known by its item. */
interface CallNames {
  readonly kind: ToolCallView['kind'];
  readonly callId: string | undefined;
  readonly itemId: string | undefined;
}

/** The kind of call that an item type is, or null where it is no call. */
export function kindOfCall(itemType: string | undefined): ToolCallView['kind'] | null {
  if (itemType === 'function_call') return 'function';
  if (itemType === 'mcp_call') return 'mcp';
  if (itemType === 'custom_tool_call') return 'custom';
  return itemType?.endsWith('_call') === true ? 'builtin' : null;
}

/** The call of an item that was announced, or undefined. */
export function callByItem(state: SessionState, itemKey: string): ToolCallEntity | undefined {
  const key = state.callOfItem.get(itemKey);
  return key === undefined ? undefined : state.toolCalls.live.get(key);
}

/**
 * The call that an event is about, made where it is new. A function's call is named by its call id alone, since its row is kept
 * under it; the provider's own tools often have none and go by their item.
 */
export function callOf(state: SessionState, event: FoldEvent, names: CallNames): ToolCallEntity | undefined {
  const itemKey = names.itemId === undefined || names.itemId === '' ? null : keptId(names.itemId);
  const byItem = itemKey === null ? undefined : state.callOfItem.get(itemKey);
  const key = byItem ?? newKey(names, itemKey);
  if (key === null) return undefined;
  const known = state.toolCalls.live.get(key);
  if (known === undefined && state.toolCalls.gone.has(key)) return undefined;
  const call = known ?? addCall(state, event, key, names.kind);
  if (known !== undefined) touch(state.toolCalls, known, event.seq);
  if (itemKey !== null && byItem === undefined) tieItem(state, call, itemKey);
  return call;
}

function newKey(names: CallNames, itemKey: string | null): string | null {
  if (names.callId !== undefined && names.callId !== '') return keptId(names.callId);
  return names.kind === 'function' || names.kind === 'custom' ? null : itemKey;
}

function addCall(state: SessionState, event: FoldEvent, key: string, kind: ToolCallView['kind']): ToolCallEntity {
  const ordinal = state.toolCalls.count + 1;
  const call: ToolCallEntity = {
    row: { ...EMPTY_CALL, callId: key, ordinal, firstSeq: event.seq, lastSeq: event.seq, kind },
    changed: false,
    open: true,
    units: 0,
  };
  addRow(state.toolCalls, key, call);
  return call;
}

function tieItem(state: SessionState, call: ToolCallEntity, itemKey: string): void {
  call.row.itemId ??= itemKey;
  state.callOfItem.set(itemKey, call.row.callId);
  if (state.callOfItem.size <= MAX_REMEMBERED) return;
  const [oldest] = state.callOfItem.keys();
  state.callOfItem.delete(oldest as string);
}
