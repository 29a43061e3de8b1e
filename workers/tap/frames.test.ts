import { expect, test } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { allocateChunk, ChunkReader, ChunkWriter, FRAME_HEAD_BYTES, sessionIdBytes } from './frames.ts';

const at = 1_795_000_000_123_456 as WallMicros;
const [a, b] = [makeSessionId(), makeSessionId()];
const first = { sessionId: sessionIdBytes(a), seq: 1, at, isFromServer: false, isBinary: true, payload: Buffer.from([0, 255]) };
const none = (): SpoolRecord => {
  throw new Error('no record was expected');
};

test('messages and other records come back in order, as they were', () => {
  const chunk = { base: 1000, memory: allocateChunk(500) };
  const writer = new ChunkWriter(chunk);
  const mark = { kind: 'watermark', at, sessionIds: [a] } as const;
  writer.addMessage(first);
  const place = writer.place;
  writer.addPlace();
  writer.addMessage({ ...first, sessionId: sessionIdBytes(b), seq: 4_000_000_000, isFromServer: true, isBinary: false });
  expect(place).toBe(1000 + FRAME_HEAD_BYTES + 2);
  const reader = new ChunkReader(chunk, 1000);
  expect(reader.read((asked) => (asked === place ? mark : none()))).toMatchObject([
    {
      kind: 'message',
      sessionId: a,
      seq: 1,
      at,
      direction: 'client_to_server',
      format: 'binary',
      payload: Buffer.from([0, 255]),
      wireBytes: 2,
    },
    mark,
    { kind: 'message', sessionId: b, seq: 4_000_000_000, direction: 'server_to_client', format: 'text' },
  ]);
  expect(reader.place).toBe(writer.place);
});

test('a reader sees what is added, and knows the end only when the chunk is sealed', () => {
  const chunk = { base: 0, memory: allocateChunk(100) };
  const writer = new ChunkWriter(chunk);
  const reader = new ChunkReader(chunk, 0);
  expect([reader.hasMore, reader.isExhausted]).toEqual([false, false]);
  writer.addMessage(first);
  expect([reader.hasMore, writer.hasRoom(FRAME_HEAD_BYTES + 2), writer.hasRoom(100)]).toEqual([true, true, false]);
  expect(reader.read(none)).toHaveLength(1);
  expect([reader.hasMore, reader.isExhausted]).toEqual([false, false]);
  writer.seal();
  expect(reader.isExhausted).toBe(true);
});

test('a reader that takes over goes on at a place inside a chunk, and memory that is used again starts empty', () => {
  const chunk = { base: 50, memory: allocateChunk(300) };
  const writer = new ChunkWriter(chunk);
  writer.addMessage(first);
  const place = writer.place;
  writer.addMessage({ ...first, seq: 2 });
  writer.seal();
  expect(new ChunkReader(chunk, place).read(none)).toMatchObject([{ seq: 2 }]);
  new ChunkWriter({ base: 400, memory: chunk.memory });
  expect(new ChunkReader({ base: 400, memory: chunk.memory }, 400)).toMatchObject({ hasMore: false, isExhausted: false });
});
