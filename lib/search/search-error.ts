import { DeltascopeError } from '#lib/base/errors.ts';
import { parseQuery } from './parse-query.ts';
import type { Query, QueryProblem } from './query.ts';

/** A query that cannot be read, with the characters that are wrong. */
export class SearchError extends DeltascopeError {
  readonly problems: readonly QueryProblem[];

  constructor(problems: readonly [QueryProblem, ...QueryProblem[]]) {
    super('DS_SEARCH_INVALID', `At character ${problems[0].position + 1}: ${problems[0].message}`);
    this.name = 'SearchError';
    this.problems = problems;
  }
}

/**
 * Reads a query that came from outside.
 * @throws SearchError DS_SEARCH_INVALID
 */
export function readQuery(text: string, nowMs: number): Query {
  const parsed = parseQuery(text, nowMs);
  if (!parsed.ok) throw new SearchError(parsed.problems);
  return parsed.query;
}
