import { beforeAll, describe, expect, test } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { DAY_MS, HOUR_MS } from '#lib/base/durations.ts';
import { fromIsoTime } from '#lib/base/wall-time.ts';
import type { SessionSpan } from '#lib/session/sums.ts';
import { groupAnomalies } from '#lib/store/group-anomalies.ts';
import { listAnomalies } from '#lib/store/list-anomalies.ts';
import { listCostlySessions } from '#lib/store/list-costly-sessions.ts';
import { readActivity } from '#lib/store/read-activity.ts';
import { readAnomalyTrend } from '#lib/store/read-anomaly-trend.ts';
import { readRuleRate } from '#lib/store/read-rule-rate.ts';
import { readUsage } from '#lib/store/read-usage.ts';
import { setAnomalyGroupState } from '#lib/store/set-anomaly-group-state.ts';
import { setAnomalyState } from '#lib/store/set-anomaly-state.ts';
import type { SeededSums } from '#tests/support/seed-sums.ts';
import { DAY_FROM_MS, seedSums } from '#tests/support/seed-sums.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

/** Sums of a day that was added up by hand, read by a database whose own day begins elsewhere. */

const DAY: SessionSpan = { fromMs: DAY_FROM_MS, toMs: DAY_FROM_MS + DAY_MS };
const THREE_DAYS: SessionSpan = { fromMs: DAY_FROM_MS - DAY_MS, toMs: DAY_FROM_MS + 2 * DAY_MS };

const database = makeTestStore();
let ids: SeededSums;

beforeAll(async () => {
  ids = await seedSums(database.seed);
  // Of every connection made from here on.
  await database.seed.query(`alter database ${new URL(database.url).pathname.slice(1)} set timezone = 'Asia/Tokyo'`);
});

const FIRST_HOUR = {
  sessions: 2,
  responses: 6,
  completed: 2,
  cancelled: 3,
  turnDetected: 1,
  failed: 1,
  totalTokens: 150,
  inputTokens: 110,
  outputTokens: 40,
  // Cancelled: 0.25 + 1.5, and 20 + 30 + 5 tokens.
  costUsd: 3.5,
  unpriced: 0,
  wastedUsd: 1.75,
  wastedTokens: 55,
};
const SECOND_HOUR = {
  sessions: 1,
  responses: 1,
  completed: 1,
  totalTokens: 10,
  costUsd: 0,
  unpriced: 1,
  wastedUsd: 0,
  wastedTokens: 0,
};
const LAST_HOUR = { sessions: 1, responses: 0, totalTokens: 0, costUsd: 0.5, unpriced: 0, wastedUsd: 0, wastedTokens: 0 };

describe('activity', () => {
  test('by the hour: the first moment of a part belongs to it, its end to the next', async () => {
    expect(await readActivity(database.store, DAY, HOUR_MS)).toMatchObject([
      // 0.95 of the way from the first of 100, 200, 300, 400 to the last: 300 + 0.85 × 100.
      { at: DAY_FROM_MS, ...FIRST_HOUR, anomalies: 5, missingDeltas: 1, voiceP50Ms: 250, voiceP95Ms: 385 },
      { at: DAY_FROM_MS + HOUR_MS, ...SECOND_HOUR, anomalies: 0, missingDeltas: 0, voiceP50Ms: null, voiceP95Ms: null },
      { at: DAY_FROM_MS + 23 * HOUR_MS, ...LAST_HOUR, anomalies: 1, missingDeltas: 0, voiceP50Ms: 1000, voiceP95Ms: 1000 },
    ]);
  });

  test('parts count from where the span begins', async () => {
    const span = { fromMs: DAY_FROM_MS + HOUR_MS / 2, toMs: DAY_FROM_MS + DAY_MS };
    const parts = await readActivity(database.store, span, HOUR_MS);
    expect(parts.map(({ at, sessions }) => [(at - DAY_FROM_MS) / HOUR_MS, sessions])).toEqual([
      [0.5, 2],
      [23.5, 1],
    ]);
  });

  test('of nothing there is none', async () => {
    expect(await readActivity(database.store, { fromMs: 0, toMs: DAY_MS }, HOUR_MS)).toEqual([]);
    expect(await readActivity(database.store, { fromMs: DAY.toMs, toMs: DAY.fromMs }, HOUR_MS)).toEqual([]);
  });
});

describe('usage', () => {
  test('by day, in UTC', async () => {
    expect(await readUsage(database.store, THREE_DAYS, 'day')).toMatchObject([
      { key: '2026-11-19', sessions: 1, costUsd: 99 },
      {
        key: '2026-11-20',
        sessions: 4,
        responses: 7,
        totalTokens: 160,
        costUsd: 4,
        unpriced: 1,
        wastedUsd: 1.75,
        wastedTokens: 55,
      },
      { key: '2026-11-21', sessions: 1, costUsd: 99, wastedUsd: 7, wastedTokens: 700 },
    ]);
  });

  test('by provider, model and tag, the costliest first', async () => {
    const of = async (group: 'provider' | 'model' | 'tag') =>
      (await readUsage(database.store, DAY, group)).map(({ key, sessions, costUsd, totalTokens }) => [
        key,
        sessions,
        costUsd,
        totalTokens,
      ]);
    expect(await of('provider')).toEqual([
      ['azure-openai', 1, 2.5, 50],
      ['openai', 3, 1.5, 110],
    ]);
    expect(await of('model')).toEqual([
      ['m2', 1, 2.5, 50],
      ['m1', 2, 1, 110],
      [null, 1, 0.5, 0],
    ]);
    expect(await of('tag')).toEqual([
      ['env=prod', 2, 3.5, 150],
      ['team=night', 1, 2.5, 50],
      ['env=test', 1, 0.5, 0],
      [null, 1, 0, 10],
    ]);
  });
});

test('the costliest sessions of a span, without those that cost nothing that is known', async () => {
  const costly = async (limit: number) => (await listCostlySessions(database.store, DAY, limit)).map(({ id }) => id);
  expect(await costly(10)).toEqual([ids.lastOfHour, ids.atStart, ids.lastOfDay]);
  expect(await costly(1)).toEqual([ids.lastOfHour]);
});

test('anomalies of some kinds over time', async () => {
  const points = await readAnomalyTrend(database.store, ['failed', 'missing'], THREE_DAYS, DAY_MS);
  expect(
    points.map(({ fingerprint, at, anomalies }) => `${(at - DAY_FROM_MS) / DAY_MS} ${fingerprint} ${anomalies}`).sort(),
  ).toEqual(['-1 failed 1', '0 failed 4', '0 missing 1', '1 missing 1']);
  expect(await readAnomalyTrend(database.store, [], THREE_DAYS, DAY_MS)).toEqual([]);
});

test('the rate of a rule counts sessions once, and those without a finding too', async () => {
  expect(await readRuleRate(database.store, 'failed-response', DAY, DAY_MS / 2)).toEqual([
    { at: DAY_FROM_MS, provider: 'azure-openai', sessions: 1, affected: 1, anomalies: 1 },
    { at: DAY_FROM_MS, provider: 'openai', sessions: 2, affected: 1, anomalies: 2 },
    { at: DAY_FROM_MS + DAY_MS / 2, provider: 'openai', sessions: 1, affected: 1, anomalies: 1 },
  ]);
});

test('kinds of anomalies come page by page, each once, the latest found first, whatever is found meanwhile', async () => {
  for (const [index, fingerprint] of ['known', 'missing', 'failed'].entries()) {
    await database.seed.query(
      `update anomaly set found_at = '2026-11-20T00:00:00.123456Z'::timestamptz + $2 * interval '1 us' where fingerprint = $1`,
      [...[fingerprint, index === 2 ? 1 : index]],
    );
  }
  const pages: string[][] = [];
  for (let cursor: string | undefined; pages.length < 9; ) {
    const { groups, nextCursor } = await groupAnomalies(database.store, { limit: 1, cursor });
    pages.push(groups.map((group) => `${group.fingerprint} ${group.anomalies} in ${group.sessions}`));
    if (nextCursor === null) break;
    cursor = nextCursor;
    // What is found between the pages would bring its kind before all others, and past whoever reads on.
    await database.seed.query(
      `insert into anomaly select session_id, id || $1, rule_id, rule_version, severity, variant, fingerprint, at, from_seq, to_seq,
         last_seq, evidence, values, 'open', null, null, '2026-11-20T01:00:00Z' from anomaly where fingerprint = 'known'`,
      [`.${pages.length}`],
    );
  }
  await database.seed.query(`delete from anomaly where found_at = '2026-11-20T01:00:00Z'`);
  // `failed` and `missing` were found at the same microsecond.
  expect(pages).toEqual([['failed 5 in 4'], ['missing 2 in 2'], ['known 1 in 1']]);
});

test('what is found after its kind was acknowledged counts as that, until the kind is opened again', async () => {
  const decide = (state: 'acknowledged' | 'open') =>
    setAnomalyGroupState(database.store, { fingerprint: 'known', state, mutedUntil: null });
  const known = async (state?: 'open' | 'acknowledged') =>
    (await groupAnomalies(database.store, { limit: 9, state })).groups.find(({ fingerprint }) => fingerprint === 'known');
  await decide('acknowledged');
  await database.seed.query(`insert into anomaly select session_id, id || '.later', rule_id, rule_version, severity, variant, fingerprint, at, from_seq, to_seq,
    last_seq, evidence, values from anomaly where fingerprint = 'known'`);
  expect(await known()).toMatchObject({ anomalies: 2, open: 0, state: 'acknowledged' });
  expect(await known('open')).toBeUndefined();
  expect(await known('acknowledged')).toMatchObject({ anomalies: 2 });
  await decide('open');
  expect(await known('open')).toMatchObject({ anomalies: 2, open: 2, state: 'open' });
});

test('a session shows its anomalies as they stand now: a mute that is over is none, what was said of their kind holds', async () => {
  const { sessionId, id } =
    (await groupAnomalies(database.store, { limit: 9, rule: 'failed-response' })).groups[0]?.example ?? {};
  if (sessionId === undefined || id === undefined) throw new Error('No failed response was seeded.');
  const shown = async () => (await listAnomalies(database.store, sessionId)).find((one) => one.id === id);
  const mute = (mutedUntil: WallMicros | null) => setAnomalyState(database.store, { sessionId, id, state: 'muted', mutedUntil });
  await mute(fromIsoTime('2126-01-01T00:00:00Z'));
  expect(await shown()).toMatchObject({ state: 'muted', mutedUntil: fromIsoTime('2126-01-01T00:00:00Z') });
  await mute(fromIsoTime('2001-01-01T00:00:00Z'));
  expect(await shown()).toMatchObject({ state: 'open', mutedUntil: null });
  const until = fromIsoTime('2127-01-01T00:00:00Z');
  await setAnomalyGroupState(database.store, { fingerprint: 'failed', state: 'muted', mutedUntil: until });
  await database.seed.query(`update anomaly set state = 'open', muted_until = null, state_changed_at = null where id = $1`, [id]);
  expect(await shown()).toMatchObject({ state: 'muted', mutedUntil: until });
  // Opened again by itself, it stays open.
  await setAnomalyState(database.store, { sessionId, id, state: 'open', mutedUntil: null });
  expect(await shown()).toMatchObject({ state: 'open', mutedUntil: null });
  await setAnomalyGroupState(database.store, { fingerprint: 'failed', state: 'open', mutedUntil: null });
});

test('what no column can hold is found nowhere, and is no failure', async () => {
  const none = { groups: [], nextCursor: null };
  expect(await groupAnomalies(database.store, { limit: 5, rule: 'a\0b' })).toEqual(none);
  expect(await groupAnomalies(database.store, { limit: 5, provider: '\0' })).toEqual(none);
  expect(await groupAnomalies(database.store, { limit: 5, cursor: '1:1:\0' })).toEqual(none);
  expect(
    (await groupAnomalies(database.store, { limit: 5, cursor: '9999999999999999:9999999999999999:\0' })).groups,
  ).toHaveLength(3);
});
