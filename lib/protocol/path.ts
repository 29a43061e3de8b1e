import type { Json, JsonObject } from '#lib/base/json.ts';

/**
 * A path into an event, as the catalogue writes it (`response.usage.total_tokens`), split once at start-up.
 * A segment is a key, an index, or `*`: the first element of an array that has the rest of the path.
 */
export type Path = readonly string[];

/** Splits the catalogue's notation. */
export function compilePath(text: string): Path {
  return text.split('.');
}

/** The value at `path`, or undefined where any step is missing or of another type. Never throws. */
export function readPath(body: JsonObject, path: Path): Json | undefined {
  let value: Json | undefined = body;
  for (let index = 0; index < path.length; index += 1) {
    if (value === null || typeof value !== 'object') return undefined;
    const segment = path[index] as string;
    if (segment === '*') return firstOf(value, path.slice(index + 1));
    value = (value as Record<string, Json | undefined>)[segment];
  }
  return typeof value === 'function' ? undefined : value;
}

function firstOf(value: Json, rest: Path): Json | undefined {
  if (!Array.isArray(value)) return undefined;
  for (const element of value) {
    const found = rest.length === 0 ? element : readPath(element as JsonObject, rest);
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}

/** The first non-empty text at any of `paths`, else null. */
export function readText(body: JsonObject, paths: readonly Path[]): string | null {
  for (const path of paths) {
    const value = readPath(body, path);
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

const MAX_INDEX = 2_147_483_647;

/** The first usable position (a whole number from 0 that a database integer holds) at any of `paths`, else null. */
export function readIndex(body: JsonObject, paths: readonly Path[]): number | null {
  for (const path of paths) {
    const value = readPath(body, path);
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_INDEX) return value;
  }
  return null;
}
