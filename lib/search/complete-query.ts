import { writeTerm } from './edit-query.ts';
import { EXAMPLES } from './parse-query.ts';
import type { Field } from './query.ts';
import { FIELDS, STATES } from './query.ts';

/** One thing that may stand where the caret is. */
export interface Completion {
  /** What is put in the place of the characters `from`…`to`. */
  readonly insert: string;
  readonly hint: string;
}

export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

/** Values that sessions really have, by field, with how many of them; the most frequent first. */
export type KnownValues = readonly { readonly field: string; readonly value: string; readonly sessions: number }[];

const MOST_OPTIONS = 8;

/** Values of fields that are no words. */
const FIXED: Partial<Record<Field, readonly string[]>> = {
  duration: ['>10s', '>60s', '>5m', '<5s'],
  cost: ['>0.01', '>0.1', '>0.5', '>1'],
  since: ['1h', '24h', '7d', '30d', 'today', 'yesterday'],
  until: ['1h', '24h', '7d', 'yesterday'],
  status: STATES,
};

/** What the word before the caret may become; nothing inside quotes. */
export function completeQuery(text: string, caret: number, known: KnownValues): Completions {
  const before = text.slice(0, caret);
  const from = caret - (/\S*$/.exec(before)?.[0].length ?? 0);
  const rest = /^\S*/.exec(text.slice(caret))?.[0].length ?? 0;
  const word = text.slice(from, caret);
  const none = { from, to: caret + rest, options: [] };
  if (word.includes('"') || (before.match(/"/g)?.length ?? 0) % 2 === 1) return none;
  const sign = word.startsWith('-') ? '-' : '';
  const [, field, start] = /^-?([A-Za-z_]+):(.*)$/.exec(word) ?? [];
  const options =
    field === undefined ? completeField(word.slice(sign.length)) : completeValue(field.toLowerCase(), start ?? '', known);
  return { ...none, options: options.slice(0, MOST_OPTIONS).map((option) => ({ ...option, insert: sign + option.insert })) };
}

function completeField(start: string): readonly Completion[] {
  return FIELDS.filter((field) => field.startsWith(start.toLowerCase())).map((field) => ({
    insert: `${field}:`,
    hint: EXAMPLES[field].slice(field.length + 1),
  }));
}

function completeValue(name: string, start: string, known: KnownValues): readonly Completion[] {
  const field = FIELDS.find((each) => each === name);
  if (field === undefined) return [];
  const counted = known.filter((each) => each.field === field).map(({ value, sessions }) => ({ value, hint: countOf(sessions) }));
  const fixed = (FIXED[field] ?? []).filter((value) => !counted.some((each) => each.value === value));
  const wanted = start.toLowerCase();
  return [...counted, ...fixed.map((value) => ({ value, hint: '' }))]
    .filter(({ value }) => value.toLowerCase().includes(wanted) && value !== start)
    .map(({ value, hint }) => ({ insert: `${writeTerm(field, value)} `, hint }));
}

function countOf(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions.toLocaleString('en')} sessions`;
}
