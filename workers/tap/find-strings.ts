/** Where the text of a string stands, without its quotes. */
export interface StringPlace {
  readonly from: number;
  readonly to: number;
}

/** What was found; `isWhole` is false where the text stopped being JSON. */
export interface FoundStrings {
  readonly places: readonly StringPlace[];
  readonly isWhole: boolean;
}

/** `*` stands for any key and any index. */
type Path = readonly string[];

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /(?:-?[0-9][0-9.eE+-]*|true|false|null)/y;

/**
 * Finds the string values at any of `paths` in a JSON text without building it, so that they can be cut out and all the rest stays as
 * it was sent. Arrays count as objects whose keys are their indices. Nesting costs memory, never stack.
 */
export function findStrings(text: string, paths: readonly Path[]): FoundStrings {
  return new Scan(text, paths).run();
}

interface Level {
  readonly isArray: boolean;
  index: number;
}

class Scan {
  readonly #text: string;
  readonly #paths: readonly Path[];
  readonly #places: StringPlace[] = [];
  readonly #levels: Level[] = [];
  /** Keys from the root to the value that comes next. */
  readonly #keys: string[] = [];
  #at = 0;

  constructor(text: string, paths: readonly Path[]) {
    this.#text = text;
    this.#paths = paths;
  }

  run(): FoundStrings {
    let isWhole = this.#value();
    while (isWhole && this.#levels.length > 0) isWhole = this.#next();
    return { places: this.#places, isWhole };
  }

  /** Reads a value, or opens the level below it. */
  #value(): boolean {
    this.#match(SPACE);
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') {
      this.#at += 1;
      this.#levels.push({ isArray: first === '[', index: 0 });
      this.#keys.push('');
      return true;
    }
    if (first !== '"') return this.#match(SCALAR) !== null;
    const start = this.#at + 1;
    const isString = this.#string();
    if (isString && this.#isWanted()) this.#places.push({ from: start, to: this.#at - 1 });
    return isString;
  }

  /** In an open level: its end, or its next key and value. */
  #next(): boolean {
    const level = this.#levels.at(-1) as Level;
    this.#match(SPACE);
    const close = level.isArray ? ']' : '}';
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      this.#levels.pop();
      this.#keys.pop();
      return true;
    }
    if (level.index > 0 && !this.#skip(',')) return false;
    if (!level.isArray) {
      this.#match(SPACE);
      const start = this.#at;
      if (!this.#string()) return false;
      this.#keys[this.#keys.length - 1] = unescaped(this.#text.slice(start, this.#at));
      this.#match(SPACE);
      if (!this.#skip(':')) return false;
    } else this.#keys[this.#keys.length - 1] = String(level.index);
    level.index += 1;
    return this.#value();
  }

  #isWanted(): boolean {
    const keys = this.#keys;
    return this.#paths.some(
      (path) => path.length === keys.length && path.every((step, index) => step === '*' || step === keys[index]),
    );
  }

  /** Steps over a string. Searches for quotes instead of matching: a message's audio may be megabytes of one string. */
  #string(): boolean {
    if (!this.#skip('"')) return false;
    for (let from = this.#at; ; ) {
      const quote = this.#text.indexOf('"', from);
      if (quote === -1) return false;
      let slashes = 0;
      while (quote - slashes > this.#at && this.#text[quote - slashes - 1] === '\\') slashes += 1;
      from = quote + 1;
      if (slashes % 2 === 1) continue;
      this.#at = from;
      return true;
    }
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return null;
    this.#at = pattern.lastIndex;
    return match[0];
  }
}

/** A key as it is meant: `"a\u0075th"` is `auth`. */
function unescaped(key: string): string {
  if (!key.includes('\\')) return key.slice(1, -1);
  try {
    return JSON.parse(key) as string;
  } catch {
    return key;
  }
}
