import { expect, test } from 'vitest';
import { makeSessionId } from '#lib/base/session-id.ts';
import { readFirstSession } from '#lib/store/read-first-session.ts';
import { readLiveNow } from '#lib/store/read-live-now.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

const database = makeTestStore();

const FIRST_AT = Date.UTC(2026, 10, 21, 9, 30);

/** An open call of so many seconds, events and dollars. */
async function seedCall(
  id: ReturnType<typeof makeSessionId>,
  seconds: number,
  events: number,
  costUsd: number | null,
): Promise<void> {
  await database.seed.session({ id, status: 'open' });
  await database.seed.query(
    `update session set started_at = '2026-11-21T09:00:00Z', last_event_at = timestamptz '2026-11-21T09:00:00Z' + $2 * interval '1 second',
      counts = jsonb_set(counts, '{events}', to_jsonb($3::int)), cost_usd = $4 where id = $1::uuid`,
    [id, seconds, events, costUsd],
  );
}

test('before anything is recorded there is no first session and nothing is live', async () => {
  expect(await readFirstSession(database.store)).toBeNull();
  expect(await readLiveNow(database.store)).toEqual({ sessions: 0, eventsPerSecond: 0, costPerMinuteUsd: 0 });
});

test('rates are averages over each open call; ended calls, unknown prices and calls without a length bring nothing untrue', async () => {
  await seedCall(makeSessionId(FIRST_AT + 5), 60, 600, 0.3); // 10 events/s, $0.30 in its minute
  await seedCall(makeSessionId(FIRST_AT), 10, 50, null); // 5 events/s, price unknown
  await seedCall(makeSessionId(FIRST_AT + 9), 0, 3, 0); // 3 events in less than a second count as 3 in one
  await database.seed.end(await database.seed.session({ status: 'open' }));
  expect(await readFirstSession(database.store)).toBe(FIRST_AT);
  expect(await readLiveNow(database.store)).toEqual({ sessions: 3, eventsPerSecond: 18, costPerMinuteUsd: 0.3 });
});

test('a call of which nothing has come yet is live and has no rate', async () => {
  const id = await database.seed.session({ status: 'open' });
  await database.seed.query(`update session set started_at = null, last_event_at = null where id = $1::uuid`, [id]);
  const live = await readLiveNow(database.store);
  expect(live).toMatchObject({ sessions: 4, costPerMinuteUsd: 0.3 });
  expect(live.eventsPerSecond).toBe(18);
});
