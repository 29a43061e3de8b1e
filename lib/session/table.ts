/**
 * The live rows of one kind (responses, items, tool calls, turns), in order of first sight, with those changed since the last take.
 * Bounded: beyond `MAX_LIVE` rows or `MAX_UNITS` of text, the oldest closed ones leave (then the oldest open ones). What left is
 * remembered for a while, so that a late event does not write a half-empty row over the full one that is stored.
 */
export interface Table<K, E extends Entity> {
  readonly live: Map<K, E>;
  readonly changed: E[];
  readonly gone: Set<K>;
  /** Rows ever seen; the ordinal of the newest. */
  count: number;
  /** UTF-16 units of text that the live rows hold, roughly. */
  units: number;
}

/** What every row of a table has beside its view. */
export interface Entity {
  readonly row: { readonly firstSeq: number; lastSeq: number };
  changed: boolean;
  /** False once nothing more is expected; closed rows leave first. */
  open: boolean;
  units: number;
}

/** Most live rows of one kind. */
export const MAX_LIVE = 2000;
/** Most UTF-16 units of text that the live rows of one kind hold together. */
export const MAX_UNITS = 8 * 1024 * 1024;
const MAX_GONE = 4000;
const EVICT_AT_ONCE = 200;

/** An empty table. */
export function openTable<K, E extends Entity>(): Table<K, E> {
  return { live: new Map(), changed: [], gone: new Set(), count: 0, units: 0 };
}

/** Adds a row under a key that the table does not hold, and makes room where the table is full. */
export function addRow<K, E extends Entity>(table: Table<K, E>, key: K, entity: E): void {
  if (table.live.size >= MAX_LIVE) evict(table, MAX_LIVE - EVICT_AT_ONCE, MAX_UNITS);
  table.live.set(key, entity);
  table.count += 1;
  entity.changed = true;
  table.changed.push(entity);
}

/** Notes that the message `seq` changed a row. */
export function touch<K, E extends Entity>(table: Table<K, E>, entity: E, seq: number): void {
  entity.row.lastSeq = seq;
  if (entity.changed) return;
  entity.changed = true;
  table.changed.push(entity);
}

/** Notes that a row's text grew by `units`. */
export function grow<K, E extends Entity>(table: Table<K, E>, entity: E, units: number): void {
  entity.units += units;
  table.units += units;
  if (table.units > MAX_UNITS) evict(table, MAX_LIVE, MAX_UNITS / 2);
}

/** Hands out the changed rows and starts anew. */
export function takeChanged<K, E extends Entity>(table: Table<K, E>): E[] {
  const taken = table.changed.splice(0);
  for (const entity of taken) entity.changed = false;
  return taken;
}

function evict<K, E extends Entity>(table: Table<K, E>, rows: number, units: number): void {
  for (const keepOpen of [true, false]) {
    for (const [key, entity] of table.live) {
      if (table.live.size <= rows && table.units <= units) return;
      if (keepOpen && entity.open) continue;
      table.live.delete(key);
      table.units -= entity.units;
      remember(table.gone, key);
    }
  }
}

function remember<K>(gone: Set<K>, key: K): void {
  gone.add(key);
  if (gone.size <= MAX_GONE) return;
  const [oldest] = gone;
  gone.delete(oldest as K);
}
