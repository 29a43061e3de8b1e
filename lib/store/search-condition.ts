import { keptId } from '#lib/base/kept-id.ts';
import { likeAnywhere, likeGlob, wordsOf } from '#lib/search/letters.ts';
import type { CompareTerm, Comparison, MatchField, MatchTerm, Query, Term, TextTerm, TimeTerm } from '#lib/search/query.ts';
import { RESPONSE_STATES, SESSION_STATES } from '#lib/search/query.ts';
import { Prisma } from './generated/client.ts';

/**
 * The one place where the query language becomes SQL. Whatever was typed is a parameter; the text of the statement is made of constants.
 */

/** What a session must meet, as conditions on the row `session`; none where the query asks for nothing. */
export function searchConditions(query: Query): readonly Prisma.Sql[] {
  return conditionsOf(query, oneOfAll);
}

/** The same, for a statement that looks at few sessions: the texts of no other session are read, however many there are. */
export function conditionsOfFew(query: Query): readonly Prisma.Sql[] {
  return conditionsOf(query, oneOfOwn);
}

function conditionsOf({ terms }: Query, oneOf: OneOf): readonly Prisma.Sql[] {
  return terms.map((term) => (term.negated ? Prisma.sql`(${conditionOf(term, oneOf)}) is not true` : conditionOf(term, oneOf)));
}

/** Whether a session is among those of a select of `session_id`. */
type OneOf = (select: Prisma.Sql) => Prisma.Sql;

/** Materialized: read once, as a whole, by the index that is best for that. */
const oneOfAll: OneOf = (select) =>
  Prisma.sql`session.id in (with found as materialized (${select}) select session_id from found)`;

/** `offset 0`: asked session by session. */
const oneOfOwn: OneOf = (select) =>
  Prisma.sql`exists (select from (${select}) found where found.session_id = session.id offset 0)`;

/**
 * Whether a row of `search_text` (as `t`) holds what a term looks for. PostgreSQL keeps the first 256 places of each word, so in a long text
 * that has all the words their order is looked up in the text itself.
 */
export function textCondition({ text, isPhrase }: TextTerm): Prisma.Sql {
  const wanted = isPhrase ? phrase(text) : beginning(text);
  if (wordsOf(text).length < 2) return Prisma.sql`t.words @@ ${wanted}`;
  const plain = isPhrase ? Prisma.sql`deltascope_plain(${text})` : Prisma.sql`rtrim(deltascope_plain(${text}))`;
  return Prisma.sql`(t.words @@ ${inAnyOrder(wanted)} and (t.words @@ ${wanted}
    or (octet_length(t.content) > ${LONG_TEXT_BYTES} and strpos(deltascope_plain(t.content), ${plain}) > 0)))`;
}

/** Below this no word of a language stands 256 times. */
const LONG_TEXT_BYTES = 4_000;

function conditionOf(term: Term, oneOf: OneOf): Prisma.Sql {
  switch (term.kind) {
    case 'match':
      return matchCondition(term, oneOf);
    case 'compare':
      return compareCondition(term);
    case 'time':
      return timeCondition(term);
    case 'text':
      return Prisma.sql`(${Prisma.join(textConditions(term, oneOf), ' or ')})`;
  }
}

/**
 * How the value of a field is found; `pattern` is one of `like`. Both sides are put in lower case by the database, by the same rules;
 * letters are composed (NFC), as those of facts and of the pattern are.
 */
const MATCHERS: Readonly<Record<MatchField, (pattern: string, value: string, oneOf: OneOf) => Prisma.Sql>> = {
  provider: (pattern) => Prisma.sql`(${isLike('provider', pattern)} or ${isLike('provider', `${pattern}-%`)})`,
  model: (pattern) => isLike('model', pattern),
  transport: (pattern) => isLike('transport', pattern),
  dialect: (pattern) => isLike('dialect', pattern),
  status: (_, value, oneOf) => statusCondition(value, oneOf),
  reason: (pattern, _, oneOf) => facetCondition(`reason:${pattern}`, oneOf),
  rule: (pattern, _, oneOf) => facetCondition(`rule:${pattern}`, oneOf),
  tool: (pattern, _, oneOf) => facetCondition(`tool:${pattern}`, oneOf),
  error: (pattern, _, oneOf) => facetCondition(`error:${pattern}`, oneOf),
  tag: (pattern, value, oneOf) => facetCondition(value.includes('=') ? `tag:${pattern}` : `tag:${pattern}=%`, oneOf),
  file: (pattern) => isLike('source_file', `%${pattern}%`),
};

function matchCondition({ field, value }: MatchTerm, oneOf: OneOf): Prisma.Sql {
  return MATCHERS[field](likeGlob(value), value, oneOf);
}

function isLike(column: 'provider' | 'model' | 'transport' | 'dialect' | 'source_file', pattern: string): Prisma.Sql {
  return Prisma.sql`lower(normalize(session.${Prisma.raw(column)})) like lower(${pattern})`;
}

function statusCondition(state: string, oneOf: OneOf): Prisma.Sql {
  const conditions: Prisma.Sql[] = [];
  if (isOneOf(SESSION_STATES, state)) conditions.push(Prisma.sql`session.status = ${state}::"SessionStatus"`);
  if (isOneOf(RESPONSE_STATES, state)) conditions.push(facetCondition(`response:${state}`, oneOf));
  return Prisma.sql`(${Prisma.join(conditions, ' or ')})`;
}

function facetCondition(pattern: string, oneOf: OneOf): Prisma.Sql {
  return oneOf(Prisma.sql`select f.session_id from session_facet f where lower(f.facet) like lower(${pattern})`);
}

const COMPARISONS: Readonly<Record<Comparison, Prisma.Sql>> = {
  '>': Prisma.sql`>`,
  '>=': Prisma.sql`>=`,
  '<': Prisma.sql`<`,
  '<=': Prisma.sql`<=`,
};

function compareCondition({ field, comparison, value }: CompareTerm): Prisma.Sql {
  const sign = COMPARISONS[comparison];
  if (field === 'cost') return Prisma.sql`session.cost_usd ${sign} ${value}::float8`;
  return Prisma.sql`(session.clock <> 'none'
    and extract(epoch from coalesce(session.ended_at, session.last_event_at) - session.started_at) * 1000 ${sign} ${value}::float8)`;
}

/** A session is in a time range where any of it is: one that is open may still go on. One without a time of day is in none. */
function timeCondition({ field, at }: TimeTerm): Prisma.Sql {
  const moment = Prisma.sql`to_timestamp(${at}::numeric / 1000000)`;
  if (field === 'until') return Prisma.sql`(session.clock = 'wall' and session.started_at <= ${moment})`;
  return Prisma.sql`(session.clock = 'wall'
    and (session.status = 'open' or coalesce(session.ended_at, session.last_event_at, session.started_at) >= ${moment}))`;
}

/** A word is also looked for in what names a session, as ids are kept; a phrase only in what was said. */
function textConditions(term: TextTerm, oneOf: OneOf): readonly Prisma.Sql[] {
  const said = oneOf(Prisma.sql`select t.session_id from search_text t where ${textCondition(term)}`);
  if (term.isPhrase) return [said];
  const part = likeAnywhere(term.text);
  const id = keptId(term.text);
  const start = likeAnywhere(id).slice(1);
  const named = Prisma.sql`session.provider ilike ${part} or normalize(session.model) ilike ${part}
    or normalize(session.source_file) ilike ${part} or session.id::text like ${start.toLowerCase()}
    or session.provider_session_id like ${start} or session.provider_call_id like ${start}`;
  const labelled = oneOf(Prisma.sql`select f.session_id from session_facet f
    where f.facet not like 'response:%' and substr(f.facet, strpos(f.facet, ':') + 1) ilike ${part}`);
  return term.isId ? [said, named, labelled, idCondition(id, oneOf)] : [said, named, labelled];
}

function idCondition(id: string, oneOf: OneOf): Prisma.Sql {
  return oneOf(Prisma.sql`select session_id from response where id = ${id} union all select session_id from item where id = ${id}
    union all select session_id from tool_call where call_id = ${id}`);
}

function phrase(text: string): Prisma.Sql {
  return Prisma.sql`deltascope_phrase(${text})`;
}

/** The words of a text, the last of which may go on. A text without words finds nothing here. */
function beginning(text: string): Prisma.Sql {
  return Prisma.sql`(nullif(${phrase(text)}::text, '') || ':*')::tsquery`;
}

function inAnyOrder(query: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`regexp_replace(${query}::text, '<(-|[0-9]+)>', '&', 'g')::tsquery`;
}

function isOneOf(list: readonly string[], text: string): boolean {
  return list.includes(text);
}
