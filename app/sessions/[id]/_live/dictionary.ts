/** Texts as small numbers: each distinct text is kept once. Code 0 is "none". */
export class Dictionary {
  readonly texts: string[] = [''];
  readonly #codes = new Map<string, number>();

  /** The code of a text, made when first seen; 0 for null and for the empty text. */
  code(text: string | null): number {
    if (text === null || text === '') return 0;
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.texts.length;
    this.texts.push(text);
    this.#codes.set(text, code);
    return code;
  }

  /** The code of a text that is known already, else undefined. */
  find(text: string): number | undefined {
    return this.#codes.get(text);
  }

  /** The text of a code; null for "none". */
  text(code: number): string | null {
    return code === 0 ? null : (this.texts[code] ?? null);
  }
}
