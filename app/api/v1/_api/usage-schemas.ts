import { z } from 'zod';
import type { UsageRow } from '#lib/session/sums.ts';
import { named } from './named-schemas.ts';
import { moment } from './schema-words.ts';
import { USAGE } from './session-schemas.ts';

const count = z.int();

const USAGE_ROW = named(
  'UsageRow',
  z.strictObject({
    key: z.string().nullable().describe('The day, provider, model, or `key=value` of a tag; null where a session has none.'),
    sessions: count,
    responses: count,
    completed: count,
    cancelled: count,
    failed: count,
    turnDetected: count.describe('Cancelled because the caller spoke.'),
    costUsd: z.number().describe('US dollars by list prices, over the sessions whose price is known.'),
    unpriced: count.describe('Sessions with tokens whose price is not known.'),
    wastedUsd: z.number().describe('Part of `costUsd` that cancelled responses cost.'),
    wastedTokens: z.number(),
    ...USAGE.shape,
  }) satisfies z.ZodType<UsageRow>,
);

export const USAGE_REPORT = named(
  'UsageReport',
  z.strictObject({
    from: moment,
    to: moment,
    group: z.string(),
    rows: z.array(USAGE_ROW),
  }),
);
