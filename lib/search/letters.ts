/** How a text is put for SQL to look for: its words, and patterns of `like`. */

/** Scripts that put no space between words: each letter counts as a word, here as in the function `deltascope_spaced` of the database. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** Whether a text has letters that count as words. */
export function hasUnspaced(text: string): boolean {
  return text.search(UNSPACED) !== -1;
}

/** The words of a text: letters and digits with their marks. */
export function wordsOf(text: string): readonly string[] {
  return text.replace(UNSPACED, ' $& ').match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** A pattern of SQL's `like` that finds `text` itself anywhere. */
export function likeAnywhere(text: string): string {
  return `%${escapeLike(text)}%`;
}

/** A pattern of SQL's `like` for a value with `*`; everything else means itself. */
export function likeGlob(glob: string): string {
  return glob.split('*').map(escapeLike).join('%');
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
