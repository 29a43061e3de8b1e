import type { QueryProblem } from './query.ts';

/**
 * A query cut into its parts, whatever they mean: `-tag:"env=a b"` is one part, negated, of field `tag` and quoted value `env=a b`;
 * `tag:env="a b"` says the same. Inside quotes `\"` is a quotation mark and `\\` a backslash.
 */
export interface Part {
  readonly position: number;
  readonly length: number;
  readonly negated: boolean;
  /** As it was typed; null for words. */
  readonly field: string | null;
  readonly value: string;
  readonly valuePosition: number;
  readonly isQuoted: boolean;
}

const SPACE = /\s/;
const FIELD = /^[A-Za-z][A-Za-z_]*(?=:)/;

/** Cuts a query into parts. Problems do not stop it: each part that can be read is returned. */
export function splitQuery(text: string): { readonly parts: readonly Part[]; readonly problems: readonly QueryProblem[] } {
  const parts: Part[] = [];
  const problems: QueryProblem[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const { part, end, problem } = readPart(text, at);
    parts.push(part);
    if (problem !== null) problems.push(problem);
    at = end;
  }
  return { parts, problems };
}

function readPart(text: string, position: number): { part: Part; end: number; problem: QueryProblem | null } {
  const negated = text.charAt(position) === '-' && position + 1 < text.length && !SPACE.test(text.charAt(position + 1));
  const bodyPosition = position + (negated ? 1 : 0);
  const field = FIELD.exec(text.slice(bodyPosition, bodyPosition + 40))?.[0] ?? null;
  const valuePosition = field === null ? bodyPosition : bodyPosition + field.length + 1;
  const isQuoted = text.charAt(valuePosition) === '"';
  const { value, end, isClosed } = isQuoted ? readQuoted(text, valuePosition) : readBare(text, valuePosition, field !== null);
  const problem = isClosed
    ? null
    : { position: valuePosition, length: end - valuePosition, message: 'This quotation mark is not closed.' };
  return { part: { position, length: end - position, negated, field, value, valuePosition, isQuoted }, end, problem };
}

/** Up to the next space. Of a field, what stands behind `=` may be in quotes. */
function readBare(text: string, from: number, isOfField: boolean): { value: string; end: number; isClosed: boolean } {
  let end = from;
  while (end < text.length && !SPACE.test(text.charAt(end))) {
    if (isOfField && text.startsWith('="', end)) {
      const quoted = readQuoted(text, end + 1);
      return { ...quoted, value: `${text.slice(from, end + 1)}${quoted.value}` };
    }
    end += 1;
  }
  return { value: text.slice(from, end), end, isClosed: true };
}

function readQuoted(text: string, from: number): { value: string; end: number; isClosed: boolean } {
  let value = '';
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') return { value, end: at + 1, isClosed: true };
    const next = text.charAt(at + 1);
    if (character === '\\' && (next === '"' || next === '\\')) at += 1;
    value += text.charAt(at);
  }
  return { value, end: text.length, isClosed: false };
}
