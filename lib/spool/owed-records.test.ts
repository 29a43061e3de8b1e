import { expect, test } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import { CAPTURE, makeMessage } from '#tests/support/spool-records.ts';
import { OwedRecords } from './owed-records.ts';

const now = 1 as WallMicros;
const [a, b] = [makeSessionId(1), makeSessionId(2)];

test('one loss stands for an unbroken range of messages, per session', () => {
  const owed = new OwedRecords();
  for (const message of [makeMessage(a, 1), makeMessage(b, 7), makeMessage(a, 2), makeMessage(a, 4)])
    owed.addLost(message, 'spool_full', now);
  expect(owed.takeAll()).toMatchObject([
    { kind: 'loss', sessionId: a, fromSeq: 1, toSeq: 2, bytes: 14, cause: 'spool_full' },
    { kind: 'loss', sessionId: b, fromSeq: 7, toSeq: 7 },
    { kind: 'loss', sessionId: a, fromSeq: 4, toSeq: 4 },
  ]);
  expect(owed.isEmpty).toBe(true);
});

test('beginnings, losses and ends keep their order, watermarks are let go', () => {
  const owed = new OwedRecords();
  owed.add({ kind: 'session_open', sessionId: a, at: now, capture: CAPTURE }, 'spool_failed', now);
  owed.add({ kind: 'watermark', at: now, sessionIds: [a] }, 'spool_failed', now);
  owed.add(makeMessage(a, 1), 'spool_failed', now);
  owed.add({ kind: 'loss', sessionId: a, at: now, fromSeq: 2, toSeq: 5, bytes: 9, cause: 'buffer_full' }, 'spool_failed', now);
  const end = { how: 'ended', by: 'client', code: 1000, reason: null, httpStatus: null, detail: null } as const;
  owed.add({ kind: 'session_close', sessionId: a, at: now, end }, 'spool_failed', now);
  expect(owed.takeAll().map((record) => record.kind)).toEqual(['session_open', 'loss', 'loss', 'session_close']);
});

test('the losses of one session can be taken before its end is written', () => {
  const owed = new OwedRecords();
  for (const message of [makeMessage(a, 1), makeMessage(b, 1), makeMessage(a, 2)]) owed.addLost(message, 'spool_full', now);
  expect(owed.takeSession(a)).toMatchObject([{ sessionId: a, fromSeq: 1, toSeq: 2 }]);
  expect(owed.takeSession(a)).toEqual([]);
  owed.addLost(makeMessage(b, 2), 'spool_full', now);
  expect(owed.takeAll()).toMatchObject([{ sessionId: b, fromSeq: 1, toSeq: 2 }]);
});
