import type { CompareField, Field, Meaning, ParsedQuery, Query, QueryProblem, Term, TextTerm, TimeField } from './query.ts';
import { COMPARE_FIELDS, FIELDS, LONGEST_QUERY, MOST_TERMS, STATES, TIME_FIELDS } from './query.ts';
import { readComparison, readMoment } from './read-values.ts';
import type { Part } from './split-query.ts';
import { splitQuery } from './split-query.ts';

/**
 * The query language of the search box: text → terms. Pure; it never throws, whatever is typed or pasted. The grammar is described in
 * docs/search.md, which must change with it.
 */

/** Letters and digits: what full text search can find. */
const SOMETHING_TO_FIND = /[\p{L}\p{N}]/u;

/** What may be an id of any provider: `resp_ABC`, or letters and digits together, whatever vendors put between them. */
const ID = /^(?:[a-z]+_[\w-]{3,}|(?=.*\d)[\w+/=.~-]{6,})$/i;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f]/;

type ReadPart = { readonly ok: true; readonly term: Term } | { readonly ok: false; readonly problem: QueryProblem };

/**
 * Reads a query.
 * @param nowMs what `since:7d` counts from
 */
export function parseQuery(text: string, nowMs: number): ParsedQuery {
  const refused = refuseWhole(text);
  if (refused !== null) return { ok: false, problems: [refused] };
  const { parts, problems: unread } = splitQuery(text.toWellFormed());
  const read = parts.map((part) => readPart(part, nowMs));
  const wrong = read.flatMap((part) => (part.ok ? [] : [part.problem]));
  const query: Query = { terms: read.flatMap((part) => (part.ok ? [part.term] : [])) };
  const problems = [...unread, ...wrong, ...checkTogether(query.terms)].sort((a, b) => a.position - b.position);
  const [first, ...rest] = problems;
  return first === undefined ? { ok: true, query } : { ok: false, problems: [first, ...rest] };
}

function refuseWhole(text: string): QueryProblem | null {
  if (text.length > LONGEST_QUERY) {
    const length = text.length - LONGEST_QUERY;
    return { position: LONGEST_QUERY, length, message: `A query has at most ${LONGEST_QUERY} characters.` };
  }
  const control = CONTROL.exec(text);
  return control === null ? null : { position: control.index, length: 1, message: 'A control character cannot be searched for.' };
}

/** What is right term by term, but not together. */
function checkTogether(terms: readonly Term[]): readonly QueryProblem[] {
  const tooMany = terms[MOST_TERMS];
  if (tooMany !== undefined) return [problemAt(tooMany, `A query has at most ${MOST_TERMS} terms.`)];
  const since = terms.find((term) => term.kind === 'time' && term.field === 'since' && !term.negated);
  const until = terms.find((term) => term.kind === 'time' && term.field === 'until' && !term.negated);
  if (since?.kind !== 'time' || until?.kind !== 'time' || since.at <= until.at) return [];
  return [problemAt(until, 'This is before the moment of since:, so nothing can match.')];
}

function readPart(part: Part, nowMs: number): ReadPart {
  if (part.field === null) return readText(part);
  const field = part.field.toLowerCase();
  if (!isField(field)) return wrong(problemOfField(part, field));
  if (part.value === '') return wrong(problemAt(part, `${field}: needs a value, e.g. ${EXAMPLES[field]}.`));
  if (isOneOf(COMPARE_FIELDS, field)) return readCompareTerm(part, field);
  if (isOneOf(TIME_FIELDS, field)) return readTimeTerm(part, field, nowMs);
  const value = field === 'status' ? stateOf(part.value) : part.value.normalize('NFC');
  if (value === null) return wrong(problemOfValue(part, `status: is one of ${STATES.join(', ')}.`));
  return meant(part, { kind: 'match', field, value });
}

/** One example of each field, for messages and completions. */
export const EXAMPLES: Readonly<Record<Field, string>> = {
  provider: 'provider:openai',
  model: 'model:gpt-realtime*',
  transport: 'transport:websocket',
  dialect: 'dialect:realtime-ga',
  status: 'status:cancelled',
  reason: 'reason:turn_detected',
  rule: 'rule:missing-delta',
  tool: 'tool:get_weather',
  error: 'error:unknown_parameter',
  tag: 'tag:env=prod',
  file: 'file:call.jsonl',
  duration: 'duration:>60s',
  cost: 'cost:>0.5',
  since: 'since:7d',
  until: 'until:2026-11-20',
};

function readText(part: Part): ReadPart {
  const { value } = part;
  if (!SOMETHING_TO_FIND.test(value)) {
    return wrong(problemAt(part, 'There is no letter or digit to look for here.'));
  }
  const term: TextTerm = { kind: 'text', text: value.normalize('NFC'), isPhrase: part.isQuoted, isId: ID.test(value) };
  return meant(part, term);
}

function readCompareTerm(part: Part, field: CompareField): ReadPart {
  const read = readComparison(field, part.value);
  if (read !== null) return meant(part, { kind: 'compare', field, ...read });
  return wrong(problemOfValue(part, `${field}: is compared with >, >=, < or <=, e.g. ${EXAMPLES[field]}.`));
}

function readTimeTerm(part: Part, field: TimeField, nowMs: number): ReadPart {
  const at = readMoment(field, part.value, nowMs);
  if (at !== null) return meant(part, { kind: 'time', field, at });
  const message = `${field}: is a time ago (30m, 24h, 7d, 4w), a day (today, yesterday, 2026-11-20) or a moment (2026-11-20T10:00Z).`;
  return wrong(problemOfValue(part, message));
}

/** `live` is what the page calls an open session. */
function stateOf(value: string): string | null {
  const state = value.toLowerCase();
  return state === 'live' ? 'open' : STATES.includes(state) ? state : null;
}

function problemOfField(part: Part, field: string): QueryProblem {
  const near = FIELDS.find((known) => known.startsWith(field.slice(0, 2)));
  const hint = near === undefined ? `Fields are ${FIELDS.join(', ')}.` : `Did you mean ${near}:?`;
  const position = part.position + (part.negated ? 1 : 0);
  const message = `There is no field ${field}:. ${hint} To find these characters themselves, put them in quotation marks.`;
  return { position, length: field.length + 1, message };
}

function problemOfValue(part: Part, message: string): QueryProblem {
  return { position: part.valuePosition, length: part.position + part.length - part.valuePosition, message };
}

function problemAt({ position, length }: { position: number; length: number }, message: string): QueryProblem {
  return { position, length, message };
}

function wrong(problem: QueryProblem): ReadPart {
  return { ok: false, problem };
}

function meant({ position, length, negated }: Part, meaning: Meaning): ReadPart {
  return { ok: true, term: { ...meaning, negated, position, length } };
}

function isField(text: string): text is Field {
  return isOneOf(FIELDS, text);
}

function isOneOf<Text extends string>(list: readonly Text[], text: string): text is Text {
  return (list as readonly string[]).includes(text);
}
