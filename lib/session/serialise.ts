import type { Json } from '#lib/base/json.ts';
import type { SessionState } from './state.ts';
import type { Entity, Table } from './table.ts';

/** The state as plain JSON, for the checkpoint. It shares its parts with the state: print it before the next fold. */
export function serialiseState(state: SessionState): Json {
  const plain = {
    ...state,
    cancelledByReason: [...state.cancelledByReason],
    turnOfItem: [...state.turnOfItem],
    callOfItem: [...state.callOfItem],
    responses: packTable(state.responses),
    items: packTable(state.items),
    toolCalls: packTable(state.toolCalls),
    turns: packTable(state.turns),
  };
  return plain as unknown as Json;
}

/** The state that `serialiseState` printed. The caller has compared `FOLD_VERSION`; other JSON is a broken promise of ours. */
export function restoreState(json: Json): SessionState {
  const plain = json as unknown as PackedState;
  return {
    ...plain,
    cancelledByReason: new Map(plain.cancelledByReason),
    turnOfItem: new Map(plain.turnOfItem),
    callOfItem: new Map(plain.callOfItem),
    responses: unpackTable(plain.responses),
    items: unpackTable(plain.items),
    toolCalls: unpackTable(plain.toolCalls),
    turns: unpackTable(plain.turns),
  };
}

type PackedState = Omit<
  SessionState,
  'cancelledByReason' | 'turnOfItem' | 'callOfItem' | 'responses' | 'items' | 'toolCalls' | 'turns'
> & {
  readonly cancelledByReason: [string, number][];
  readonly turnOfItem: [string, number][];
  readonly callOfItem: [string, string][];
  readonly responses: Packed<SessionState['responses']>;
  readonly items: Packed<SessionState['items']>;
  readonly toolCalls: Packed<SessionState['toolCalls']>;
  readonly turns: Packed<SessionState['turns']>;
};

type Packed<T> = T extends Table<infer K, infer E> ? PackedTable<K, E> : never;

interface PackedTable<K, E> {
  readonly live: [K, E][];
  /** Changed rows that have left the live ones before they were taken. */
  readonly leaving: E[];
  readonly gone: K[];
  readonly count: number;
  readonly units: number;
}

function packTable<K, E extends Entity>(table: Table<K, E>): PackedTable<K, E> {
  const live = new Set(table.live.values());
  const leaving = table.changed.filter((entity) => !live.has(entity));
  return { live: [...table.live], leaving, gone: [...table.gone], count: table.count, units: table.units };
}

function unpackTable<K, E extends Entity>(packed: PackedTable<K, E>): Table<K, E> {
  const changed = [...packed.leaving, ...packed.live.map(([, entity]) => entity).filter((entity) => entity.changed)];
  return { live: new Map(packed.live), changed, gone: new Set(packed.gone), count: packed.count, units: packed.units };
}
