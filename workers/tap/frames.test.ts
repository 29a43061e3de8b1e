import { expect, test } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import { FRAME_HEAD_BYTES, readFrames, sessionIdBytes, writeMessageFrame, writeRecordFrame } from './frames.ts';

test('messages and other records come back in order, as they were', () => {
  const chunk = new SharedArrayBuffer(1000);
  const [view, bytes] = [new DataView(chunk), new Uint8Array(chunk)];
  const [a, b] = [makeSessionId(), makeSessionId()];
  const at = 1_795_000_000_123_456 as WallMicros;
  const mark = { kind: 'watermark', at, sessionIds: [a] } as const;
  const first = { sessionId: sessionIdBytes(a), seq: 1, at, isFromServer: false, isBinary: true, payload: Buffer.from([0, 255]) };
  let used = writeMessageFrame(view, bytes, 0, first);
  expect(used).toBe(FRAME_HEAD_BYTES + 2);
  used = writeRecordFrame(view, used, 0);
  used = writeMessageFrame(view, bytes, used, {
    ...first,
    sessionId: sessionIdBytes(b),
    seq: 4_000_000_000,
    isFromServer: true,
    isBinary: false,
  });
  expect(readFrames({ number: 1, chunk, used, records: [mark] })).toMatchObject([
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
});
