import { beforeAll, expect, test } from 'vitest';
import { DAY_MS } from '#lib/base/durations.ts';
import type { UsageRow } from '#lib/session/sums.ts';
import { schemaOf } from '#tests/support/api-schema.ts';
import { connectLive, startDashboardProcess } from '#tests/support/dashboard.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { SeededSums } from '#tests/support/seed-sums.ts';
import { DAY_FROM_MS, seedSums } from '#tests/support/seed-sums.ts';
import { makeTestDashboard } from '#tests/support/test-dashboard.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

/** What the API says of many sessions at once, and what it does to many anomalies at once. */

const database = makeTestStore();
const dashboard = makeTestDashboard(database, { DELTASCOPE_SIMULATOR: '0' });
let ids: SeededSums;

beforeAll(async () => {
  ids = await seedSums(database.seed);
});

const getJson = async (path: string) => (await fetch(`${dashboard.url}/api/v1/${path}`)).json();
const DAY = 'from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z';

test.each(['day', 'provider', 'model'])('usage by %s adds up to the sessions of the span', async (group) => {
  const report = await getJson(`usage?${DAY}&group=${group}`);
  expect(schemaOf('UsageReport').parse(report)).toEqual(report);
  expect(report).toMatchObject({ from: '2026-11-20T00:00:00.000000Z', to: '2026-11-21T00:00:00.000000Z', group });
  const { sessions } = await getJson('sessions');
  const ofDay = sessions.filter(({ id }: { id: string }) => id !== ids.dayBefore && id !== ids.dayAfter);
  const sum = (rows: readonly object[], read: (row: never) => number) =>
    rows.reduce((total, row) => total + read(row as never), 0);
  for (const key of ['totalTokens', 'inputTokens', 'outputTokens'] as const) {
    expect(sum(report.rows, (row: UsageRow) => row[key])).toBe(sum(ofDay, (row: { usage: UsageRow }) => row.usage[key]));
  }
  expect(sum(report.rows, (row: UsageRow) => row.costUsd)).toBe(
    sum(ofDay, (row: { costUsd: number | null }) => row.costUsd ?? 0),
  );
  expect(sum(report.rows, (row: UsageRow) => row.sessions)).toBe(ofDay.length);
});

test('the span of usage is half open, in any offset, and the last 30 days where nothing is said', async () => {
  const sessionsOf = async (query: string) =>
    ((await getJson(`usage?${query}`)).rows as UsageRow[]).reduce((total, { sessions }) => total + sessions, 0);
  expect(await sessionsOf(DAY)).toBe(4);
  expect(await sessionsOf('from=2026-11-20T09:00:00%2B09:00&to=2026-11-21T09:00:00%2B09:00')).toBe(4);
  expect(await sessionsOf('from=2026-11-20T00:00:00.001Z&to=2026-11-21T00:00:00.001Z')).toBe(4);
  expect(await sessionsOf('from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z')).toBe(0);
  expect(await sessionsOf(`to=${new Date(DAY_FROM_MS + 29 * DAY_MS).toISOString()}`)).toBe(6);
  const { from, to, group } = await getJson('usage');
  expect([Date.parse(to) - Date.parse(from), group]).toEqual([30 * DAY_MS, 'day']);
});

test('what is said of a kind of anomaly is said of all of it, announced, and of no other', async () => {
  const page = connectLive(dashboard.url);
  await eventually('the page is connected', () => page.connected);
  page.emit('sessions:watch');
  let changes = 0;
  page.on('sessions:changed', () => {
    changes += 1;
  });
  const say = async (body: object) => {
    const response = await fetch(`${dashboard.url}/api/v1/anomalies?fingerprint=failed`, {
      method: 'PATCH',
      body: JSON.stringify(body),
    });
    return [response.status, await response.json()];
  };
  const openOf = async () =>
    Object.fromEntries(
      (await getJson('anomalies')).groups.map(({ fingerprint, open }: { fingerprint: string; open: number }) => [
        fingerprint,
        open,
      ]),
    );
  expect(await say({ state: 'resolved' })).toEqual([200, { changed: 5 }]);
  await eventually('the page is told', () => changes > 0);
  expect(await openOf()).toEqual({ failed: 0, missing: 2, known: 1 });
  expect((await getJson('anomalies?state=resolved')).groups).toMatchObject([
    { fingerprint: 'failed', anomalies: 5, sessions: 4 },
  ]);
  expect(await say({ state: 'muted', mutedUntil: '2001-01-01T00:00:00Z' })).toEqual([200, { changed: 5 }]);
  // A mute that is over is none.
  expect(await openOf()).toEqual({ failed: 5, missing: 2, known: 1 });
  expect(await say({ state: 'open', mutedUntil: '2126-01-01T00:00:00Z' })).toEqual([200, { changed: 5 }]);
  expect((await getJson('anomalies?state=open&rule=failed-response')).groups[0].example).toMatchObject({
    state: 'open',
    mutedUntil: null,
  });
  expect(await say({ state: 'resolved', mutedUntil: 'soon' })).toMatchObject([400, { error: { code: 'DS_API_INVALID' } }]);
  page.close();
});

test('the demo is off where the simulator is, and a page of another site cannot start it', async () => {
  const press = (url: string, headers: Record<string, string> = {}) => fetch(`${url}/demo`, { method: 'POST', headers });
  const off = await press(dashboard.url);
  expect([off.status, await off.json()]).toEqual([409, { state: 'off' }]);
  expect((await press(dashboard.url, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await fetch(`${dashboard.url}/demo`)).status).toBe(404);
});

test('the demo runs once at a time', async () => {
  const on = await startDashboardProcess({ databaseUrl: database.url, env: { DELTASCOPE_TAP_PORT: '1' } });
  const press = async () => {
    const response = await fetch(`${on.url}/demo`, { method: 'POST' });
    return [response.status, ((await response.json()) as { state: string }).state];
  };
  try {
    // No tap listens: the demo says so and ends, and can be started again.
    expect(await press()).toEqual([202, 'started']);
    expect(await press()).toEqual([202, 'running']);
    await eventually('the demo has ended', () => /demo ended|calls? of the demo/.test(on.output()), 60_000);
    expect(await press()).toEqual([202, 'started']);
  } finally {
    await on.stop();
  }
}, 90_000);
