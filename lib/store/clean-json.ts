import type { Json } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';
import { cleanText } from './sanitise.ts';

/**
 * JSON text that a `jsonb` column takes, whatever arrived: PostgreSQL refuses `\u0000` and lone surrogates inside, deep nesting
 * and strings beyond its limits. What cannot be kept is replaced by a sentence in its place, never silently left out.
 */

/** Deepest nesting that is kept; the provider's own configurations stay below 20. */
const DEEPEST = 64;

/** Longest JSON text of one column, in UTF-16 units. */
const LONGEST_JSON = 4 * 1024 ** 2;

/** What JSON.stringify makes of NUL and of lone surrogates. */
const REFUSED = /\\u(?:0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/;

/** The JSON text of `value` for a `jsonb` column; null stays null. */
export function cleanJsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : cleanJson(value as Json);
}

/** The JSON text of `value` for a `jsonb` column that may not be null. */
export function cleanJson(value: Json | object): string {
  const kept = isDeep(value, DEEPEST) ? pruned(value as Json, DEEPEST) : value;
  const text = JSON.stringify(kept);
  const clean = REFUSED.test(text) ? JSON.stringify(scrubbed(kept as Json)) : text;
  return clean.length <= LONGEST_JSON
    ? clean
    : JSON.stringify({ leftOut: `${clean.length} characters of JSON, longer than is kept.` });
}

/** Whether anything nests deeper than `levels`; stops there, so that no input exhausts the stack. */
function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const key in value) if (isDeep((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}

function pruned(value: Json, levels: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return 'left out: nested too deep';
  if (Array.isArray(value)) return value.map((inner) => pruned(inner, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pruned(inner, levels - 1)]));
}

function scrubbed(value: Json): Json {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(scrubbed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), scrubbed(inner)]));
}
