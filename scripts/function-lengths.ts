/** Measures functions in a formatted source by their indentation. An estimate, good enough to say where to look. Pure. */

export interface FunctionLength {
  readonly name: string;
  /** Line of its head, from 1. */
  readonly line: number;
  /** Non-blank lines from head to end. */
  readonly lines: number;
}

const HEAD = [
  /^(\s*)(?:export )?(?:default )?(?:async )?function\*? (\w+)/,
  /^(\s*)(?:export )?const (\w+) = (?:async )?\(.*=>\s*\{$/,
  /^(\s*)(?:static |async |override )*(#?\w+)\(.*\)?.*\{$/,
];
const KEYWORDS = new Set(['if', 'for', 'while', 'switch', 'catch', 'return', 'test', 'describe']);

/** Each function of a source text, nested ones included. */
export function measureFunctions(text: string): readonly FunctionLength[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const head = readHead(line);
    if (head === null) return [];
    const end = lines.findIndex(
      (other, at) => at > index && new RegExp(`^${head.indent}\\}`).test(other) && !other.endsWith('{'),
    );
    if (end < 0) return [];
    return [{ name: head.name, line: index + 1, lines: lines.slice(index, end + 1).filter((body) => body.trim() !== '').length }];
  });
}

function readHead(line: string): { readonly indent: string; readonly name: string } | null {
  for (const pattern of HEAD) {
    const match = pattern.exec(line);
    const [, indent = '', name = ''] = match ?? [];
    if (match !== null && !KEYWORDS.has(name)) return { indent, name };
  }
  return null;
}
