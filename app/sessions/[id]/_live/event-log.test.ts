import { expect, test } from 'vitest';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { EventColumns } from '#lib/session/event-columns.ts';
import type { EventRow } from '#lib/session/view.ts';
import { EventLog } from './event-log.ts';

function row(seq: number, atMs: number | null, type = 'response.output_audio.delta'): EventRow {
  return {
    seq,
    at: atMs === null ? null : ((1_000_000 + atMs * 1000) as WallMicros),
    direction: 'server_to_client',
    type,
    canonicalType: type,
    eventId: `event_${seq}`,
    responseId: 'resp_1',
    itemId: null,
    callId: null,
    byteLength: 100,
    audioBytes: 60,
    format: 'json',
    problem: null,
    flags: [],
    note: null,
  };
}

const session = { clock: 'wall', startedAt: 1_000_000 as WallMicros } as const;

const columns: EventColumns = {
  sessionId: 'x' as SessionId,
  count: 3,
  lastSeq: 6,
  firstAt: 1_000_000 as WallMicros,
  seqRuns: [1, 2, 6, 1],
  at: [0, null, 250_000],
  kinds: [{ type: 'a', canonicalType: 'a', format: 'json', problem: null, flags: [] }],
  kind: [0, 0, 0],
  direction: [1, 2, 2],
  byteLength: [1, 2, 3],
  audioBytes: [0, 0, 0],
  ids: ['', 'resp_1'],
  responseId: [0, 1, 1],
  itemId: [0, 0, 0],
  callId: [0, 0, 0],
};

test('loads columns, counts what is missing, and stands still where a time is unknown', () => {
  const log = new EventLog(session);
  log.load(columns, new Map());
  expect([...log.seq.slice(0, 3)]).toEqual([1, 2, 6]);
  expect([...log.position.slice(0, 3)]).toEqual([0, 0, 250_000]);
  expect(log.missing).toBe(3); // 3, 4, 5
  expect(log.lostBefore(2)).toBe(3);
  expect(log.offsetMs(1)).toBeNull();
  expect(log.ids.text(log.responseId[1] as number)).toBe('resp_1');
  expect(log.directionAt(0)).toBe('client_to_server');
});

test('a push that comes twice, or overlaps, changes nothing', () => {
  const log = new EventLog(session);
  log.load(columns, new Map());
  expect(log.append([row(5, 240), row(6, 250), row(7, 300)])).toBe(1);
  expect(log.append([row(6, 250), row(7, 300)])).toBe(0);
  expect(log.count).toBe(4);
  expect(log.lastSeq).toBe(7);
});

test('without any time the axis is the order of events', () => {
  const log = new EventLog({ clock: 'none', startedAt: null });
  log.append([row(1, null), row(2, null), row(3, null)]);
  expect(log.timed).toBe(false);
  expect([...log.position.slice(0, 3)]).toEqual([0, 1, 2]);
});

test('a position never goes back, even where the source’s clock did', () => {
  const log = new EventLog(session);
  log.append([row(1, 0), row(2, -10), row(3, 20)]);
  expect([...log.position.slice(0, 3)]).toEqual([0, 0, 20_000]);
  expect(log.offsetMs(1)).toBe(-10);
});

test('finds the index of a seq and of a position', () => {
  const log = new EventLog(session);
  log.append([row(2, 0), row(4, 10), row(9, 30)]);
  expect(log.indexOfSeq(1)).toBe(-1);
  expect(log.indexOfSeq(4)).toBe(1);
  expect(log.indexOfSeq(8)).toBe(1);
  expect(log.indexBefore(30_000)).toBe(1);
  expect(log.indexBefore(30_001)).toBe(2);
});

test('grows beyond its first room', () => {
  const log = new EventLog(session);
  log.append(Array.from({ length: 5000 }, (_, index) => row(index + 1, index)));
  expect(log.count).toBe(5000);
  expect(log.positionOfSeq(4000)).toBe(3_999_000);
});
