import type { WallMicros } from '#lib/base/brand.ts';

/** What a query means: terms that a session must meet, all of them. Made by `parse-query.ts`, put into SQL by `lib/store` alone. */
export interface Query {
  readonly terms: readonly Term[];
}

/** One term, and where it stands in the text (UTF-16 units). A negated one must not be met. */
export type Term = Meaning & {
  readonly negated: boolean;
  readonly position: number;
  readonly length: number;
};

/** What a term asks for. */
export type Meaning = MatchTerm | CompareTerm | TimeTerm | TextTerm;

/** Fields whose value is a word, compared without regard to case; `*` in it stands for anything. */
export const MATCH_FIELDS = [
  'provider',
  'model',
  'transport',
  'dialect',
  'status',
  'reason',
  'rule',
  'tool',
  'error',
  'tag',
  'file',
] as const;
export type MatchField = (typeof MATCH_FIELDS)[number];

export interface MatchTerm {
  readonly kind: 'match';
  readonly field: MatchField;
  /** With `*` for anything; every other character means itself. */
  readonly value: string;
}

/** Fields whose value is a number with a comparison before it. */
export const COMPARE_FIELDS = ['duration', 'cost'] as const;
export type CompareField = (typeof COMPARE_FIELDS)[number];
export type Comparison = '>' | '>=' | '<' | '<=';

export interface CompareTerm {
  readonly kind: 'compare';
  readonly field: CompareField;
  readonly comparison: Comparison;
  /** Milliseconds of a duration, US dollars of a cost. */
  readonly value: number;
}

/** Fields whose value is a moment. */
export const TIME_FIELDS = ['since', 'until'] as const;
export type TimeField = (typeof TIME_FIELDS)[number];

export interface TimeTerm {
  readonly kind: 'time';
  readonly field: TimeField;
  readonly at: WallMicros;
}

/** Words to find in what was said, called, answered or complained of. */
export interface TextTerm {
  readonly kind: 'text';
  /** In Unicode's composed form (NFC), as the texts are. */
  readonly text: string;
  /** In quotes: the words in this order. Else one word, of which the beginning is enough. */
  readonly isPhrase: boolean;
  /** Whether it may be an id, so that it also names a thing. */
  readonly isId: boolean;
}

export type Field = MatchField | CompareField | TimeField;
export const FIELDS: readonly Field[] = [...MATCH_FIELDS, ...COMPARE_FIELDS, ...TIME_FIELDS];

/** What is wrong with a query, and with which characters of it. */
export interface QueryProblem {
  readonly position: number;
  readonly length: number;
  readonly message: string;
}

export type ParsedQuery =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly problems: readonly [QueryProblem, ...QueryProblem[]] };

/** States of a session, and how a response can end: the values of `status:`. */
export const SESSION_STATES = ['open', 'ended', 'lost', 'refused', 'failed'] as const;
export const RESPONSE_STATES = ['completed', 'cancelled', 'failed', 'incomplete'] as const;
export const STATES: readonly string[] = [...new Set<string>([...SESSION_STATES, ...RESPONSE_STATES])];

/** Longest query, in UTF-16 units; and most terms of one. */
export const LONGEST_QUERY = 1000;
export const MOST_TERMS = 30;
