import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { CaptureMeta } from '#lib/protocol/capture.ts';
import type { SpoolPosition, SpoolRead } from '#lib/spool/reader.ts';
import { openSpoolReader } from '#lib/spool/reader.ts';
import type { MessageRecord, SpoolRecord } from '#lib/spool/record.ts';
import { captureOf } from './fold-session.ts';

/** A folder of a test's own under the system's temporary one. */
export function makeTestFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `deltascope-${name}-`));
}

/** A message of a session, `{"n":seq}` unless a payload is given. */
export function makeMessage(sessionId: SessionId, seq: number, payload: string | Uint8Array = `{"n":${seq}}`): MessageRecord {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  return {
    kind: 'message',
    sessionId,
    seq,
    at: (1_800_000_000_000_000 + seq) as WallMicros,
    direction: seq % 2 ? 'client_to_server' : 'server_to_client',
    format: 'text',
    payload: bytes,
    wireBytes: bytes.byteLength,
    masked: 0,
    audioDropped: false,
  };
}

/** A plausible beginning of a capture. */
export const CAPTURE: CaptureMeta = captureOf();

/** Everything that a spool's folder holds now, from the oldest record on. */
export function readWholeSpool(folder: string): SpoolRecord[] {
  const reader = openSpoolReader({ folder });
  const records: SpoolRecord[] = [];
  let after: SpoolPosition | null = null;
  for (;;) {
    const read: SpoolRead = reader.read(after, { rows: 1000, bytes: 64 * 1024 ** 2 });
    if (read.state !== 'records') break;
    records.push(...read.records.map((each) => each.record));
    after = read.next;
  }
  reader.close();
  return records;
}
