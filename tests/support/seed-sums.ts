import type { SessionId } from '#lib/base/brand.ts';
import { DAY_MS, HOUR_MS } from '#lib/base/durations.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import { seedAnomaly } from './seed-alerts.ts';
import type { SeedDatabase } from './seed-session.ts';

/** Six sessions around one day, small enough to be added up by hand. Two lie just outside: a millisecond before it, and at its end. */

export const DAY_FROM_MS = Date.parse('2026-11-20T00:00:00Z');

export interface SeededSums {
  readonly atStart: SessionId;
  readonly lastOfHour: SessionId;
  readonly nextHour: SessionId;
  readonly lastOfDay: SessionId;
  readonly dayBefore: SessionId;
  readonly dayAfter: SessionId;
}

interface Made {
  readonly atMs: number;
  readonly provider: string;
  readonly model: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly costUsd: number | null;
  readonly usage: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
}

/** Writes them, with responses, turns and anomalies. */
export async function seedSums(seed: SeedDatabase): Promise<SeededSums> {
  const openai = { provider: 'openai', model: 'm1' };
  const azure = { provider: 'azure-openai', model: 'm2' };
  const ids = {
    atStart: await seedSession(seed, {
      ...openai,
      atMs: DAY_FROM_MS,
      tags: { env: 'prod' },
      costUsd: 1,
      usage: { totalTokens: 100, inputTokens: 60, outputTokens: 40 },
      counts: { responses: 4, completed: 2, cancelled: 1, failed: 1, cancelledByReason: { turn_detected: 1 } },
    }),
    lastOfHour: await seedSession(seed, {
      ...azure,
      atMs: DAY_FROM_MS + HOUR_MS - 1,
      tags: { env: 'prod', team: 'night' },
      costUsd: 2.5,
      usage: { totalTokens: 50, inputTokens: 50 },
      counts: { responses: 2, cancelled: 2, cancelledByReason: { client_cancelled: 2 } },
    }),
    nextHour: await seedSession(seed, {
      ...openai,
      atMs: DAY_FROM_MS + HOUR_MS,
      tags: {},
      costUsd: null,
      usage: { totalTokens: 10 },
      counts: { responses: 1, completed: 1 },
    }),
    lastOfDay: await seedSession(seed, {
      ...openai,
      model: null,
      atMs: DAY_FROM_MS + DAY_MS - 1,
      tags: { env: 'test' },
      costUsd: 0.5,
      usage: {},
      counts: {},
    }),
    dayBefore: await seedSession(seed, { ...openai, atMs: DAY_FROM_MS - 1, tags: {}, costUsd: 99, usage: {}, counts: {} }),
    dayAfter: await seedSession(seed, { ...azure, atMs: DAY_FROM_MS + DAY_MS, tags: {}, costUsd: 99, usage: {}, counts: {} }),
  };
  await seedResponses(seed, ids);
  await seedVoices(seed, ids);
  await seedAnomalies(seed, ids);
  return ids;
}

async function seedSession(
  seed: SeedDatabase,
  { atMs, provider, model, tags, costUsd, usage, counts }: Made,
): Promise<SessionId> {
  const id = await seed.session({ id: makeSessionId(atMs), provider, status: 'ended' });
  await seed.query(
    'update session set model = $2, tags = $3, cost_usd = $4, usage = usage || $5::jsonb, counts = counts || $6::jsonb where id = $1',
    [...[id, model, tags, costUsd, usage, counts]],
  );
  return id;
}

/** Cancelled: 0.25 and 20 tokens, 1.5 and 30 tokens, one without a price; outside the day 7. What was completed is no waste. */
async function seedResponses(seed: SeedDatabase, ids: SeededSums): Promise<void> {
  const rows: readonly (readonly [SessionId, string, string, number | null, number])[] = [
    [ids.atStart, 'r1', 'cancelled', 0.25, 20],
    [ids.atStart, 'r2', 'completed', 0.5, 70],
    [ids.lastOfHour, 'r1', 'cancelled', 1.5, 30],
    [ids.lastOfHour, 'r2', 'cancelled', null, 5],
    [ids.dayAfter, 'r1', 'cancelled', 7, 700],
  ];
  for (const [index, [session, id, status, cost, tokens]] of rows.entries()) {
    await seed.query(
      `insert into response (session_id, id, ordinal, first_seq, last_seq, status, audio_deltas, audio_ms, modalities, item_ids, cost_usd, usage)
       values ($1, $2, $3, 1, 2, $4, 0, 0, '{}', '{}', $5, $6)`,
      [session, id, index + 1, status, cost, { totalTokens: tokens }],
    );
  }
}

/** From the end of speech to the first audio: 100, 200, 300 and 400 ms in the first hour, 1000 ms in the last. */
async function seedVoices(seed: SeedDatabase, { atStart, lastOfHour, lastOfDay, dayAfter }: SeededSums): Promise<void> {
  const rows: readonly (readonly [SessionId, number, number | null])[] = [
    ...([100, 200, 300, null] as const).map((ms, index) => [atStart, index + 1, ms] as const),
    ...([
      [lastOfHour, 1, 400],
      [lastOfDay, 1, 1000],
      [dayAfter, 1, 9000],
    ] as const),
  ];
  for (const row of rows) {
    await seed.query(
      `insert into turn (session_id, ordinal, first_seq, last_seq, kind, voice_to_voice_ms) values ($1, $2, 1, 1, 'speech', $3)`,
      [...row],
    );
  }
}

async function seedAnomalies(seed: SeedDatabase, ids: SeededSums): Promise<void> {
  const failed = { ruleId: 'failed-response', fingerprint: 'failed', severity: 'high' } as const;
  const missing = { ruleId: 'missing-delta', fingerprint: 'missing', severity: 'critical' } as const;
  await seedAnomaly(seed, ids.atStart, missing);
  await seedAnomaly(seed, ids.atStart, { ...missing, severity: 'info', fingerprint: 'known' });
  await seedAnomaly(seed, ids.atStart, failed);
  await seedAnomaly(seed, ids.atStart, failed);
  await seedAnomaly(seed, ids.lastOfHour, failed);
  await seedAnomaly(seed, ids.lastOfDay, failed);
  await seedAnomaly(seed, ids.dayAfter, missing);
  await seedAnomaly(seed, ids.dayBefore, failed);
}
