/** Ids and texts from the wire, made fit to be kept: no database text can hold NUL or a lone surrogate, and ids are of bounded length. */

/** Longest id that is kept as it came, in UTF-16 units. */
export const MAX_ID = 200;

/** Whether a text holds neither NUL nor a lone surrogate. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The text with NUL and lone surrogates replaced by U+FFFD. */
export function storable(text: string): string {
  return isStorable(text) ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
}

/**
 * An id fit to be a key: itself nearly always; a cut or repaired id carries a hash of what it was,
 * so that two different hostile ids stay two.
 */
export function keptId(id: string): string {
  if (id.length <= MAX_ID && isStorable(id)) return id;
  return `${storable(id.slice(0, MAX_ID - 20))}~${hashOf(id)}`;
}

/** The same of an id that may be absent. */
export function keptIdOrNull(id: string | null): string | null {
  return id === null ? null : keptId(id);
}

/** FNV-1a over the ends and the length: enough to tell ids apart, and cheap for one of 16 MiB. */
function hashOf(text: string): string {
  const sample = text.length <= 8192 ? text : text.slice(0, 4096) + text.slice(-4096);
  let hash = 0x811c9dc5 ^ text.length;
  for (let index = 0; index < sample.length; index += 1) hash = Math.imul(hash ^ sample.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
