import { storable } from '#lib/base/kept-id.ts';
import type { ItemEntity, ResponseEntity, SessionState, ToolCallEntity, TurnEntity } from './state.ts';
import type { Entity, Table } from './table.ts';
import { takeChanged } from './table.ts';
import type { ItemView, ResponseView, SessionView, ToolCallView, TurnView } from './view.ts';

/** The rows that changed since the last take, as copies that may be kept; `session` always. */
export interface SessionChanges {
  readonly session: SessionView;
  readonly responses: readonly ResponseView[];
  readonly items: readonly ItemView[];
  readonly toolCalls: readonly ToolCallView[];
  readonly turns: readonly TurnView[];
}

/** Hands out what changed since the last call, each kind in order of first sight. */
export function takeChanges(state: SessionState): SessionChanges {
  return {
    session: viewSession(state),
    responses: takeViews(state.responses, viewResponse),
    items: takeViews(state.items, viewItem),
    toolCalls: takeViews(state.toolCalls, viewToolCall),
    turns: takeViews(state.turns, viewTurn),
  };
}

function takeViews<K, E extends Entity, V extends { readonly ordinal: number }>(table: Table<K, E>, view: (entity: E) => V): V[] {
  return takeChanged(table)
    .map(view)
    .sort((a, b) => a.ordinal - b.ordinal);
}

function viewSession(state: SessionState): SessionView {
  return {
    ...state.row,
    provider: state.dialect.provider,
    dialect: state.dialect.dialect,
    costUsd: state.row.costUsd === null ? null : roundUsd(state.row.costUsd),
    costEstimated: state.row.costUsd !== null && state.row.costEstimated,
    counts: {
      ...state.counts,
      cancelledByReason: Object.fromEntries(state.cancelledByReason),
      responses: state.responses.count,
      items: state.items.count,
      toolCalls: state.toolCalls.count,
      turns: state.turns.count,
    },
  };
}

function viewResponse(entity: ResponseEntity): ResponseView {
  return { ...entity.row, audioMs: roundMs(entity.audioBytes / entity.bytesPerMs) };
}

function viewItem(entity: ItemEntity): ItemView {
  const { row, parts } = entity;
  const byIndex = parts.length > 1 ? parts.toSorted((a, b) => a.index - b.index) : parts;
  return {
    ...row,
    text: parts.length === 0 ? null : storable(byIndex.map((part) => part.text).join('\n')),
    textFinal: parts.length > 0 && parts.every((part) => part.final),
    argumentsText: row.argumentsText === null ? null : storable(row.argumentsText),
    output: row.output === null ? null : storable(row.output),
    audioMs: roundMs(entity.inputMs + entity.audioBytes / entity.bytesPerMs),
  };
}

function viewToolCall({ row }: ToolCallEntity): ToolCallView {
  return { ...row, argumentsText: storable(row.argumentsText), output: row.output === null ? null : storable(row.output) };
}

function viewTurn({ row }: TurnEntity): TurnView {
  return { ...row };
}

/** Microseconds are as fine as any clock here. */
function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** A sum of prices carries the noise of its additions; a billionth of a dollar is below it. */
function roundUsd(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}
