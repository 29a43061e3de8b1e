import { z } from 'zod';
import type { FacetCount } from '#lib/store/count-facets.ts';
import type { SearchHit } from '#lib/store/find-hits.ts';
import type { Place } from '#lib/store/find-places.ts';
import { named } from './named-schemas.ts';

/** What a search answers, as zod schemas; the row types of `lib/store` must agree (types). */

const link = z.string().describe('Where it is in the dashboard: the session’s page, at the message.');

const PLACE = named(
  'SearchPlace',
  z.strictObject({
    sessionId: z.uuid(),
    kind: z.enum(['session', 'response', 'item', 'call', 'event']),
    id: z.string(),
    seq: z.int().nullable().describe('The first message of it.'),
    link,
  }) satisfies z.ZodType<Omit<Place, 'sessionId'> & { readonly sessionId: string; readonly link: string }, unknown>,
);

const HIT = named(
  'SearchHit',
  z.strictObject({
    sessionId: z.uuid(),
    source: z.enum(['text', 'transcription_error', 'item_error', 'arguments', 'output', 'response_error', 'error']),
    id: z.string().nullable().describe('Of the item, call or response; null for an `error` message.'),
    who: z.string().nullable().describe('Who said it, or the name of the tool.'),
    seq: z.int().describe('The message that holds it.'),
    snippet: z
      .array(z.strictObject({ text: z.string(), isHit: z.boolean() }))
      .describe('The text around it, in pieces; `isHit` where it is what was looked for.'),
    link,
  }) satisfies z.ZodType<Omit<SearchHit, 'sessionId'> & { readonly sessionId: string; readonly link: string }, unknown>,
);

const FACET = named(
  'FacetCount',
  z.strictObject({
    field: z.enum(['provider', 'model', 'transport', 'status', 'reason', 'rule', 'tool', 'error', 'tag']),
    value: z.string(),
    sessions: z.int().describe('Matching sessions that have it.'),
  }) satisfies z.ZodType<FacetCount, unknown>,
);

export const SEARCH_RESULT = named(
  'SearchResult',
  z.strictObject({
    places: z.array(PLACE).describe('Where the query is an id: the things that have it.'),
    hits: z.array(HIT).describe('Moments in which the words were said, called, answered or complained of; newest session first.'),
    nextCursor: z.uuid().nullable().describe('Cursor of the next page of hits; null on the last.'),
    sessions: z.int().describe('Sessions that match, counted up to 10,000.'),
    facets: z.array(FACET).describe('What these sessions have in common.'),
  }),
);

export const QUERY_PROBLEM = z.strictObject({
  position: z.int().describe('First character that is wrong, from 0, in UTF-16 units.'),
  length: z.int(),
  message: z.string(),
});
