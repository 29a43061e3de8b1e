import { parseAsArrayOf, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { SEVERITIES } from '#lib/rules/rule.ts';

/** What the list shows, in words of the URL. */
export const STATES = ['open', 'acknowledged', 'resolved', 'muted', 'all'] as const;

export const anomalyParsers = {
  severity: parseAsArrayOf(parseAsStringLiteral(SEVERITIES)).withDefault([]),
  rule: parseAsString,
  state: parseAsStringLiteral(STATES).withDefault('open'),
  cursor: parseAsString,
};
