import { EMPTY_USAGE } from '#lib/protocol/usage.ts';
import type { SessionSpan } from '#lib/session/sums.ts';
import { Prisma } from './generated/client.ts';
import { withinSpan } from './session-span.ts';

/** `with` parts of a sum: `spent`, the sessions of a span, each with what its cancelled responses cost. */
export function spentWithin(span: SessionSpan): Prisma.Sql {
  return Prisma.sql`wasted as (
      select session_id, sum(cost_usd) as usd, sum((usage->>'totalTokens')::float8) as tokens
      from response where ${withinSpan('session_id', span)} and status = 'cancelled' group by session_id
    ), spent as (
      select s.id, s.provider, s.model, s.tags, s.counts, s.usage, s.cost_usd, w.usd as wasted_usd, w.tokens as wasted_tokens
      from session s left join wasted w on w.session_id = s.id where ${withinSpan('id', span)}
    )`;
}

const COUNTS = ['responses', 'completed', 'cancelled', 'failed'] as const;

/** The select list of `UsageSums` over rows of `spent`. */
export const USAGE_SUMS = Prisma.raw(
  [
    'count(*)::int as sessions',
    ...COUNTS.map((name) => `coalesce(sum((counts->>'${name}')::int), 0)::int as ${name}`),
    `coalesce(sum((counts->'cancelledByReason'->>'turn_detected')::int), 0)::int as "turnDetected"`,
    ...Object.keys(EMPTY_USAGE).map((name) => `coalesce(sum((usage->>'${name}')::float8), 0) as "${name}"`),
    'coalesce(sum(cost_usd), 0) as "costUsd"',
    `count(*) filter (where cost_usd is null and (usage->>'totalTokens')::float8 > 0)::int as unpriced`,
    'coalesce(sum(wasted_usd), 0) as "wastedUsd"',
    'coalesce(sum(wasted_tokens), 0) as "wastedTokens"',
  ].join(', '),
);
