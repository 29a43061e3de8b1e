import { parseAsNumberLiteral, parseAsStringLiteral } from 'nuqs/server';

/** The spans to choose from, in days. */
export const SPANS = [1, 7, 30, 90] as const;
export const GROUPS = ['model', 'provider', 'tag', 'day'] as const;

export const usageParsers = {
  days: parseAsNumberLiteral(SPANS).withDefault(30),
  group: parseAsStringLiteral(GROUPS).withDefault('model'),
};
