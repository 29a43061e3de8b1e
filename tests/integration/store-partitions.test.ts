import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { dropExpired } from '#lib/store/drop-expired.ts';
import { ensurePartitions } from '#lib/store/partitions.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2030, 5, 15, 12);

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
/** How many tables are cut into days. */
let tables: number;

beforeAll(async () => {
  database = await createTestDatabase();
  store = connectStore({ url: database.url });
  const [found] = await store.$queryRaw<[{ count: number }]>`select count(*)::int as count from pg_class where relkind = 'p'`;
  tables = found.count;
});

afterAll(async () => {
  await disconnectStore(store);
  await database.drop();
});

const addTurn = (sessionId: SessionId) =>
  store.turn.create({ data: { sessionId, ordinal: 1, firstSeq: 1, lastSeq: 1, kind: 'text' } });

async function partitionOf(sessionId: SessionId): Promise<string | undefined> {
  const rows = await store.$queryRaw<
    { name: string }[]
  >`select tableoid::regclass::text as name from turn where session_id = ${sessionId}::uuid`;
  return rows[0]?.name;
}

test('partitions are made ahead for every partitioned table, once', async () => {
  expect(await ensurePartitions(store, new Date(NOON))).toBe(tables * 4);
  expect(await ensurePartitions(store, new Date(NOON))).toBe(0);
  expect(await ensurePartitions(store, new Date(NOON + DAY_MS))).toBe(tables);
});

test('a session lies in the partition of the day on which it was first recorded', async () => {
  for (const [at, name] of [
    [Date.UTC(2030, 5, 15), 'turn_p20300615'],
    [Date.UTC(2030, 5, 15, 23, 59, 59, 999), 'turn_p20300615'],
    [Date.UTC(2030, 5, 16), 'turn_p20300616'],
    [Date.UTC(2031, 0, 1), 'turn_default'],
  ] as const) {
    const id = makeSessionId(at);
    await addTurn(id);
    expect(await partitionOf(id)).toBe(name);
  }
});

test('rows that the default partition caught move into their own when it is made', async () => {
  const id = makeSessionId(Date.UTC(2030, 7, 1, 3));
  const other = makeSessionId(Date.UTC(2030, 8, 1));
  await addTurn(id);
  await addTurn(other);
  expect(await partitionOf(id)).toBe('turn_default');
  await ensurePartitions(store, new Date(Date.UTC(2030, 7, 1)));
  expect(await partitionOf(id)).toBe('turn_p20300801');
  expect(await partitionOf(other)).toBe('turn_default');
});

test('several processes that make partitions at once do not collide', async () => {
  const stores = Array.from({ length: 4 }, () => connectStore({ url: database.url, maxConnections: 1 }));
  const made = await Promise.all(stores.map((each) => ensurePartitions(each, new Date(Date.UTC(2032, 0, 1)))));
  expect(made.reduce((sum, count) => sum + count)).toBe(tables * 4);
  await Promise.all(stores.map(disconnectStore));
});

test('partitions store audio uncompressed and leave room for updates in pages', async () => {
  const rows = await store.$queryRaw<{ storage: string }[]>`
    select attstorage::text as storage from pg_attribute where attrelid = 'event_audio_p20300615'::regclass and attname = 'bytes'`;
  expect(rows).toEqual([{ storage: 'e' }]);
  const options =
    await store.$queryRaw`select reloptions from pg_class where relname in ('session_p20300615', 'event_p20300615') order by relname`;
  expect(options).toEqual([{ reloptions: null }, { reloptions: ['fillfactor=75'] }]);
});

test('retention drops the partitions of expired days and the expired rows outside them', async () => {
  const expired = makeSessionId(Date.UTC(2030, 5, 15, 5));
  const stray = makeSessionId(Date.UTC(2030, 5, 1));
  const kept = makeSessionId(Date.UTC(2030, 5, 17, 5));
  for (const id of [expired, stray, kept]) await addTurn(id);
  expect(await dropExpired(store, 0, new Date(NOON + 30 * DAY_MS))).toEqual([]);
  // 30 days before noon of 17 July: everything before 17 June goes.
  const dropped = await dropExpired(store, 30, new Date(NOON + 32 * DAY_MS));
  expect(dropped).toContain('event_p20300615');
  expect(dropped).toContain('session_p20300616');
  expect(dropped.every((name) => /_p2030061[56]$/.test(name))).toBe(true);
  expect(await partitionOf(expired)).toBeUndefined();
  expect(await partitionOf(stray)).toBeUndefined();
  expect(await partitionOf(kept)).toBe('turn_p20300617');
});
