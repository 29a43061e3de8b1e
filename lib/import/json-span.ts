/** Where a value stands in its source text: `text.slice(start, end)` is the value, letter for letter. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Spans of the members of a JSON object, by name; of equal names the last counts, as for `JSON.parse`.
 * The text must be JSON (`JSON.parse` accepted it) and an object.
 */
export function memberSpans(text: string): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const nameEnd = skipString(text, at);
    const name: unknown = JSON.parse(text.slice(at, nameEnd));
    const colon = skipSpace(text, nameEnd);
    if (text.charCodeAt(colon) !== COLON) break;
    const start = skipSpace(text, colon + 1);
    const end = skipValue(text, start);
    spans.set(String(name), { start, end });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) !== COMMA) break;
    at = skipSpace(text, at + 1);
  }
  return spans;
}

/** Spans of the elements of the JSON array that begins at `from`. The text must be JSON. */
export function elementSpans(text: string, from = 0): readonly Span[] {
  const spans: Span[] = [];
  let at = skipSpace(text, skipSpace(text, from) + 1);
  while (at < text.length && text.charCodeAt(at) !== CLOSE_BRACKET) {
    const end = skipValue(text, at);
    spans.push({ start: at, end });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) !== COMMA) break;
    at = skipSpace(text, at + 1);
  }
  return spans;
}

/** Index of the first character at or after `at` that is not JSON white space. */
function skipSpace(text: string, at: number): number {
  for (let index = at; ; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit !== 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) return index;
  }
}

function skipString(text: string, at: number): number {
  for (let index = at + 1; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === BACKSLASH) index += 1;
    else if (unit === QUOTE) return index + 1;
  }
  return text.length;
}

function skipValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return skipString(text, at);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return skipWord(text, at);
  let depth = 0;
  for (let index = at; index < text.length; ) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE) {
      index = skipString(text, index);
      continue;
    }
    if (unit === OPEN_BRACE || unit === OPEN_BRACKET) depth += 1;
    else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth -= 1;
    index += 1;
    if (depth === 0) return index;
  }
  return text.length;
}

/** Number, true, false or null: up to the next delimiter. */
function skipWord(text: string, at: number): number {
  for (let index = at; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === COMMA || unit === CLOSE_BRACE || unit === CLOSE_BRACKET || unit <= 0x20) return index;
  }
  return text.length;
}
