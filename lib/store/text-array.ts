import { cleanKey } from './sanitise.ts';

/** A `text[]` value as PostgreSQL's literal, for a column of arrays inside an `unnest` (which would flatten a real array of arrays). */
export function textArrayLiteral(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${cleanKey(text).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
