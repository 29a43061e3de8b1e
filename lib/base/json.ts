/** Any value that `JSON.parse` can return. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object; the only shape a protocol event can have. */
export type JsonObject = { [key: string]: Json };

/** Whether a value from outside is a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at `key`, or undefined where it is absent or of another type. */
export function objectAt(value: unknown, key: string): JsonObject | undefined {
  const inner = isJsonObject(value) ? value[key] : undefined;
  return isJsonObject(inner) ? inner : undefined;
}

/** The text at `key`, or undefined where it is absent or of another type. */
export function stringAt(value: unknown, key: string): string | undefined {
  const inner = isJsonObject(value) ? value[key] : undefined;
  return typeof inner === 'string' ? inner : undefined;
}

/** The finite number at `key`, or undefined where it is absent or of another type. */
export function numberAt(value: unknown, key: string): number | undefined {
  const inner = isJsonObject(value) ? value[key] : undefined;
  return typeof inner === 'number' && Number.isFinite(inner) ? inner : undefined;
}

/** The array at `key`; empty where it is absent or of another type. */
export function arrayAt(value: unknown, key: string): Json[] {
  const inner = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(inner) ? inner : [];
}

/** Whether two values are the same JSON: objects in any order of their keys, lists in theirs. Recurses: depth is the caller's concern. */
export function sameJson(a: Json, b: Json): boolean {
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((each, index) => sameJson(each, b[index] as Json));
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key] as Json, b[key] as Json))
  );
}
