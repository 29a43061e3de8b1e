import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Element, ElementType } from '#lib/store/binary-array.ts';
import { encodeArray } from '#lib/store/binary-array.ts';
import { seededRandom } from '#tests/support/hostile.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

/** What PostgreSQL makes of an encoded array, as JSON texts. */
async function decoded(type: ElementType, values: readonly Element[], expression = 'x'): Promise<unknown[]> {
  const parameter = Buffer.from(encodeArray(type, values, (value) => value));
  const { rows } = await client.query<{ x: unknown }>(`select ${expression} as x from unnest($1::${type}[]) as u(x)`, [
    parameter,
  ]);
  return rows.map((row) => row.x);
}

test('whole numbers, also negative and large ones, arrive as they are', async () => {
  expect(await decoded('int4', [0, 1, -1, 2_147_483_647, -2_147_483_648, null])).toEqual([
    0,
    1,
    -1,
    2_147_483_647,
    -2_147_483_648,
    null,
  ]);
  const large = [
    0,
    1,
    -1,
    4_294_967_295,
    4_294_967_296,
    -4_294_967_296,
    -4_294_967_297,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ];
  expect(await decoded('int8', large)).toEqual(large.map(String));
});

test('times arrive to the microsecond, on both sides of the year 2000', async () => {
  const times = [0, 1, 946_684_799_999_999, 946_684_800_000_000, 1_795_219_200_123_457, -62_135_596_800_000_000];
  const micros = '(extract(epoch from x) * 1000000)::bigint::text';
  expect(await decoded('timestamptz', [...times, null], micros)).toEqual([...times.map(String), null]);
});

test('texts of every kind and length arrive as they are; a lone surrogate as the replacement character', async () => {
  const random = seededRandom(3);
  const letters = ['a', '"', '\\', '{', '}', ',', ' ', '\n', 'é', '音', '🏳️‍🌈', 'NULL'];
  const texts = Array.from({ length: 300 }, (_, length) =>
    Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join(''),
  );
  expect(await decoded('text', ['', ...texts, null])).toEqual(['', ...texts, null]);
  expect(await decoded('text', ['a\ud800b'])).toEqual(['a�b']);
});

test('bytes, ids, floats and booleans arrive as they are', async () => {
  const bytes = [Buffer.from([0, 255, 1]), Buffer.alloc(0), Buffer.alloc(100_000, 7)];
  expect(await decoded('bytea', bytes)).toEqual(bytes);
  expect(await decoded('uuid', ['019aa000-1111-7222-8333-444455556666', null])).toEqual([
    '019aa000-1111-7222-8333-444455556666',
    null,
  ]);
  expect(await decoded('float8', [0.1, -1e300, null])).toEqual([0.1, -1e300, null]);
  expect(await decoded('bool', [true, false, null])).toEqual([true, false, null]);
});

test('no elements are an empty array', async () => {
  expect(await decoded('text', [])).toEqual([]);
});
