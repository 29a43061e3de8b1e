/** The deepest nesting that we read: `JSON.parse` copes with more, a walk by recursion over the result may not. */
export const MAX_DEPTH = 200;

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Whether a JSON text nests deeper than `MAX_DEPTH`. Counts by character only if there are enough brackets to make it
 * possible, so an ordinary message costs two searches (base64 has no brackets).
 */
export function nestsTooDeep(text: string): boolean {
  return text.length > MAX_DEPTH && hasManyBrackets(text) && depthExceeds(text);
}

function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > MAX_DEPTH) return true;
    }
  }
  return false;
}

function depthExceeds(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return false;
}

/** Position of the quote that ends the string begun at `start`; the text's end if none does. */
function endOfString(text: string, start: number): number {
  let at = start;
  for (;;) {
    at = text.indexOf('"', at + 1);
    if (at === -1) return text.length;
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
}
