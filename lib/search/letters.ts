/** How a text is put for SQL to look for: patterns of `like`, and which texts need one. */

/** Scripts that put no space between words: full text search sees one long word, so their texts are searched letter by letter. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether a text is to be looked for letter by letter too, because words alone would miss 退款 inside a sentence. */
export function isSoughtByLetters(text: string): boolean {
  return UNSPACED.test(text);
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
