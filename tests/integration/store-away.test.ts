import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { Prisma } from '#lib/store/generated/client.ts';
import { listSessions } from '#lib/store/list-sessions.ts';
import { readRows } from '#lib/store/read-rows.ts';
import { classifyFailure } from '#lib/store/store-failure.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

/** A database that takes every connection and every byte, and answers nothing. */
const sockets = new Set<Socket>();
const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
await once(silent, 'listening');
const url = `postgresql://user@127.0.0.1:${(silent.address() as AddressInfo).port}/deltascope`;

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test('a database that says nothing is away after the time that a reader waits for it', async () => {
  const store = connectStore({ url, answerWithinMs: 200 });
  const failure = await listSessions(store, { limit: 1 }).catch((thrown: Error) => thrown);
  expect(failure).toBeInstanceOf(Error);
  expect(classifyFailure(failure as Error)).toBe('away');
  await disconnectStore(store);
});

test('a statement that is not answered in time costs its reader the answer, and nobody after it', async () => {
  const database = await createTestDatabase();
  const store = connectStore({ url: database.url, answerWithinMs: 4000, maxConnections: 1 });
  const failure = await readRows(store, Prisma.sql`select pg_sleep(60)::text as slept`).catch((thrown: Error) => thrown);
  expect(classifyFailure(failure as Error)).toBe('away');
  expect(await listSessions(store, { limit: 1 })).toEqual({ sessions: [], nextCursor: null });
  await disconnectStore(store);
  await database.drop();
});
