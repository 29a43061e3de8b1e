/**
 * Plain objects as small tables that hostile traffic cannot fill: what is open at a time is a handful, and beyond `MAX_OPEN` the
 * oldest is forgotten. Names come from the wire, so only own keys count (`constructor` is no entry).
 */

/** Most entries of one table. */
export const MAX_OPEN = 64;

/** The entry under `key`, or undefined. */
export function entryOf<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A copy with `value` under `key`. */
export function withEntry<Value>(table: Readonly<Record<string, Value>>, key: string, value: Value): { [key: string]: Value } {
  if (Object.hasOwn(table, key)) return { ...table, [key]: value };
  const keys = Object.keys(table);
  const kept = keys.length < MAX_OPEN ? table : withoutEntry(table, keys[0] ?? '');
  return { ...kept, [key]: value };
}

/** A copy without `key`. */
export function withoutEntry<Value>(table: Readonly<Record<string, Value>>, key: string): { [key: string]: Value } {
  const { [key]: _, ...rest } = table;
  return rest;
}
