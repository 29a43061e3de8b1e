import { isJsonObject } from '#lib/base/json.ts';
import type { ImportedMessage } from './imported-message.ts';
import { elementSpans, memberSpans } from './json-span.ts';
import { readText } from './read-line.ts';

/**
 * Reads one JSON document: an array of events or frames, or an object with exactly one member that is an array of objects
 * (`{"events": […]}`), or a single event printed over several lines.
 * @returns null where the text is no JSON at all, so that the caller can read it line by line.
 */
export function readDocument(text: string): readonly ImportedMessage[] | null {
  const value = parse(text);
  if (Array.isArray(value)) return readElements(text, 0);
  if (!isJsonObject(value)) return null;
  const arrays = Object.entries(value).filter(([, member]) => Array.isArray(member) && member.every(isJsonObject));
  if (typeof value['type'] === 'string' || arrays.length !== 1) return [readText(text.trim())];
  const span = memberSpans(text).get(arrays[0]?.[0] ?? '');
  return span === undefined ? null : readElements(text, span.start);
}

function readElements(text: string, from: number): readonly ImportedMessage[] {
  return elementSpans(text, from).map((span) => readText(text.slice(span.start, span.end)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
