'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useRef } from 'react';
import { parseQuery } from '#lib/search/parse-query.ts';
import type { QueryProblem } from '#lib/search/query.ts';

/** The query as it stands in the URL, and the last one that could be read: the list shows that while somebody types. */
export interface TypedQuery {
  readonly text: string;
  readonly asked: string;
  readonly problems: readonly QueryProblem[];
  readonly setText: (text: string) => void;
}

const NO_PROBLEMS: readonly QueryProblem[] = [];

/** The query of the page. */
export function useQuery(): TypedQuery {
  const [text, setText] = useQueryState('q', parseAsString.withDefault('').withOptions({ history: 'replace' }));
  const asked = useRef('');
  const problems = useMemo(() => {
    const parsed = parseQuery(text, Date.now());
    return parsed.ok ? NO_PROBLEMS : parsed.problems;
  }, [text]);
  if (problems.length === 0) asked.current = text.trim();
  return { text, asked: asked.current, problems, setText: (next) => void setText(next === '' ? null : next) };
}
