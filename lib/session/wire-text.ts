import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';
import { keptId, MAX_ID, storable } from '#lib/base/kept-id.ts';

/**
 * Texts from the wire, made fit to be kept: bounded in length, free of NUL and lone surrogates (which no database text can hold).
 * What was cut says so.
 */

/** Longest text of one part of an item, in UTF-16 units. */
export const MAX_TEXT = 256 * 1024;

/** Stands at the end of every text that was cut. */
export const CUT_MARK = '… [cut by Deltascope]';

/** A short word of the wire (a status, a type, a model name), or null where it is absent, empty or not a text. */
export function wireWord(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.length > MAX_ID ? `${storable(value.slice(0, MAX_ID - 1))}…` : storable(value);
}

/** A sentence of the wire (an error's message), cut at 4,000 units; null where it is absent or not a text. */
export function wireSentence(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.length > 4000 ? `${storable(value.slice(0, 4000))}${CUT_MARK}` : storable(value);
}

/** Milliseconds of a stream, or null where there are none that a session could have. */
export function wireMs(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= 1e12 ? value : null;
}

/** `text` with `more` behind it, never longer than `MAX_TEXT` and the mark. */
export function appendText(text: string, more: string): string {
  const room = MAX_TEXT - text.length;
  if (more.length <= room) return text + more;
  return room <= 0 ? text : text + more.slice(0, room) + CUT_MARK;
}

/** A whole text of the wire, cut at `MAX_TEXT`. */
export function boundText(text: string): string {
  return text.length <= MAX_TEXT ? text : text.slice(0, MAX_TEXT) + CUT_MARK;
}

/** Any JSON as text: a string as itself, everything else printed; cut at `MAX_TEXT`. */
export function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return boundText(typeof value === 'string' ? value : JSON.stringify(boundJson(value)));
}

/** A copy of JSON from the wire that any database takes: texts storable, at most about `room` units in all. */
export function boundJson(value: Json, room: number = MAX_TEXT): Json {
  return copyWithin(value, { left: room });
}

/** `boundJson` of an object. */
export function boundObject(value: JsonObject, room: number = MAX_TEXT): JsonObject {
  const copy = boundJson(value, room);
  return isJsonObject(copy) ? copy : {};
}

/** Whether a bounded copy lacks some of what it was made of. */
export function wasCut(copy: Json): boolean {
  return JSON.stringify(copy).includes(CUT_MARK);
}

/** Most members of one object or list in such a copy; no configuration has as many. */
const MAX_MEMBERS = 500;

interface Budget {
  left: number;
}

function copyWithin(value: Json, budget: Budget): Json {
  budget.left -= 8;
  if (typeof value === 'string') return copyString(value, budget);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? copyArray(value, budget) : copyObject(value, budget);
}

function copyString(value: string, budget: Budget): string {
  const room = Math.max(0, budget.left);
  budget.left -= value.length;
  return value.length <= room ? storable(value) : storable(value.slice(0, room)) + CUT_MARK;
}

function copyArray(value: Json[], budget: Budget): Json[] {
  const copy: Json[] = [];
  for (const inner of value) {
    if (budget.left <= 0 || copy.length >= MAX_MEMBERS) return [...copy, CUT_MARK];
    copy.push(copyWithin(inner, budget));
  }
  return copy;
}

// Through a Map, since an object from the wire may have an own key `__proto__`.
function copyObject(value: JsonObject, budget: Budget): JsonObject {
  const copy = new Map<string, Json>();
  for (const key of Object.keys(value)) {
    if (budget.left <= 0 || copy.size >= MAX_MEMBERS) {
      copy.set(CUT_MARK, true);
      break;
    }
    budget.left -= key.length;
    copy.set(keptId(key), copyWithin(value[key] as Json, budget));
  }
  return Object.fromEntries(copy);
}
