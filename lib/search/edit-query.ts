import type { Field } from './query.ts';
import type { Part } from './split-query.ts';
import { splitQuery } from './split-query.ts';

/** Changes of one term of a query that leave the rest as it was typed: what a click on a facet does. */

/** Whether a query asks for this value of this field. */
export function hasTerm(text: string, field: Field, value: string): boolean {
  return splitQuery(text).parts.some((part) => asksFor(part, field, value));
}

/** Adds a term, or takes it away where it is there. */
export function toggleTerm(text: string, field: Field, value: string): string {
  if (!hasTerm(text, field, value)) return joinQuery(text, writeTerm(field, value));
  return withoutParts(text, (part) => asksFor(part, field, value));
}

/** Puts a term in the place of all others of its field; null takes them away. */
export function setTerm(text: string, field: Field, value: string | null): string {
  const rest = withoutParts(text, (part) => isTermOf(part, field));
  return value === null ? rest : joinQuery(rest, writeTerm(field, value));
}

/** The value that a query asks of a field, where it is one; else null. */
export function termValue(text: string, field: Field): string | null {
  const parts = splitQuery(text).parts.filter((part) => isTermOf(part, field));
  return parts.length === 1 ? (parts[0]?.value ?? null) : null;
}

/** A term as it is typed, its value in quotes where it needs them. */
export function writeTerm(field: Field, value: string): string {
  return `${field}:${/[\s"]/.test(value) || value === '' ? `"${value.replace(/["\\]/g, '\\$&')}"` : value}`;
}

function joinQuery(text: string, term: string): string {
  const start = text.trim();
  return start === '' ? term : `${start} ${term}`;
}

function withoutParts(text: string, isUnwanted: (part: Part) => boolean): string {
  const kept = splitQuery(text).parts.filter((part) => !isUnwanted(part));
  return kept.map(({ position, length }) => text.slice(position, position + length)).join(' ');
}

function isTermOf(part: Part, field: Field): boolean {
  return !part.negated && part.field?.toLowerCase() === field;
}

function asksFor(part: Part, field: Field, value: string): boolean {
  return isTermOf(part, field) && part.value.toLowerCase() === value.toLowerCase();
}
