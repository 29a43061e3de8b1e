import { keptId } from '#lib/base/kept-id.ts';
import type { FoldEvent } from './fold-event.ts';
import type { SessionState, TurnEntity } from './state.ts';
import { addRow, touch } from './table.ts';
import type { TurnView } from './view.ts';

/** How far back a turn is looked for. */
const REACH = 50;
const MAX_REMEMBERED = 4000;

const EMPTY_TURN = {
  speechStartedAt: null,
  speechStoppedAt: null,
  audioStartMs: null,
  audioEndMs: null,
  committedAt: null,
  responseId: null,
  firstAudioAt: null,
  voiceToVoiceMs: null,
  interruptedResponseId: null,
} as const;

/** Adds a turn at the end. */
export function addTurn(state: SessionState, event: FoldEvent, kind: TurnView['kind'], itemId: string | null): TurnEntity {
  const ordinal = state.turns.count + 1;
  const turn: TurnEntity = {
    row: { ...EMPTY_TURN, ordinal, firstSeq: event.seq, lastSeq: event.seq, itemId: null, kind },
    outOfBand: false,
    began: false,
    complete: kind !== 'speech',
    committed: false,
    awaiting: 0,
    inputMs: null,
    changed: false,
    open: true,
    units: 0,
  };
  addRow(state.turns, ordinal, turn);
  if (itemId !== null) tieItem(state, turn, itemId);
  return turn;
}

/** Gives a turn its item, so that later events of the item find it. */
export function tieItem(state: SessionState, turn: TurnEntity, itemId: string): void {
  const key = keptId(itemId);
  turn.row.itemId = key;
  state.turnOfItem.set(key, turn.row.ordinal);
  if (state.turnOfItem.size <= MAX_REMEMBERED) return;
  const [oldest] = state.turnOfItem.keys();
  state.turnOfItem.delete(oldest as string);
}

/** The turn of an item, or undefined. */
export function turnOfItem(state: SessionState, itemId: string): TurnEntity | undefined {
  const ordinal = state.turnOfItem.get(keptId(itemId));
  return ordinal === undefined ? undefined : state.turns.live.get(ordinal);
}

/**
 * The speech turn that an event of the input buffer is about; made where none is known. An event without an item is about the newest
 * speech that is not committed, and an item is first named at its commit where a source keeps no more.
 */
export function speechTurn(state: SessionState, event: FoldEvent, itemId: string | null): TurnEntity {
  const named = itemId === null ? undefined : turnOfItem(state, itemId);
  const known = named ?? findBack(state, (turn) => isNameless(turn) || (itemId === null && isUncommitted(turn)));
  if (known === undefined) return addTurn(state, event, 'speech', itemId);
  if (named === undefined && itemId !== null) tieItem(state, known, itemId);
  touch(state.turns, known, event.seq);
  return known;
}

function isUncommitted(turn: TurnEntity): boolean {
  return turn.row.kind === 'speech' && turn.open && !turn.committed;
}

function isNameless(turn: TurnEntity): boolean {
  return isUncommitted(turn) && turn.row.itemId === null;
}

/**
 * The newest turn that can be answered and is not. An answered turn ends the search: what is older was passed over.
 */
export function newestUnanswered(state: SessionState, outOfBand: boolean): TurnEntity | undefined {
  const found = findBack(
    state,
    (turn) => turn.outOfBand === outOfBand && (turn.row.responseId !== null || (turn.open && turn.complete)),
  );
  return found?.row.responseId === null ? found : undefined;
}

/** The newest turn for which `wanted` holds, among the last ones. */
export function findBack(state: SessionState, wanted: (turn: TurnEntity) => boolean): TurnEntity | undefined {
  for (let ordinal = state.turns.count; ordinal > 0 && ordinal > state.turns.count - REACH; ordinal -= 1) {
    const turn = state.turns.live.get(ordinal);
    if (turn !== undefined && wanted(turn)) return turn;
  }
  return undefined;
}
