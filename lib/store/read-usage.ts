import type { SessionSpan, UsageGroup, UsageRow } from '#lib/session/sums.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { idTimeMs } from './session-span.ts';
import { spentWithin, USAGE_SUMS } from './usage-sums.ts';

const KEYS: Readonly<Record<UsageGroup, Prisma.Sql>> = {
  day: Prisma.sql`to_char(to_timestamp(${idTimeMs('id')} / 1000.0) at time zone 'UTC', 'YYYY-MM-DD')`,
  provider: Prisma.sql`provider`,
  model: Prisma.sql`model`,
  tag: Prisma.sql`tag.key || '=' || tag.value`,
};

/** Most rows: tags may be as many as sessions. */
const MOST_ROWS = 1000;

/** Tokens and cost of the sessions of a span by group, the costliest first; days in order. */
export async function readUsage(store: Store, span: SessionSpan, group: UsageGroup): Promise<readonly UsageRow[]> {
  const tags = group === 'tag' ? Prisma.sql`left join lateral jsonb_each_text(tags) tag on true` : Prisma.empty;
  const order = group === 'day' ? Prisma.sql`1` : Prisma.sql`"costUsd" desc, "totalTokens" desc, 1`;
  return readRows(
    store,
    Prisma.sql`with ${spentWithin(span)} select ${KEYS[group]} as key, ${USAGE_SUMS} from spent ${tags}
      group by 1 order by ${order} limit ${MOST_ROWS}`,
  );
}
