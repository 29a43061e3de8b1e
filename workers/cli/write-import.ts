import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { assertUnreachable } from '#lib/base/assert.ts';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { CaptureEnd } from '#lib/protocol/capture.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import type { SpoolWriter } from '#lib/spool/writer.ts';
import type { FileEntry } from './read-entries.ts';

/** What a file gave to the spool. */
export interface WrittenImport {
  readonly sessionIds: readonly SessionId[];
  readonly messages: number;
  readonly unreadable: readonly UnreadableLine[];
}

/** A line that was kept as an unreadable message. */
export interface UnreadableLine {
  readonly place: number;
  readonly detail: string;
}

/** Records in one commit of the spool, and bytes after which it is made all the same. */
const APPEND_RECORDS = 500;
const APPEND_BYTES = 8 * 1024 ** 2;

/** How a session ends whose file says nothing of its end. */
const END_OF_FILE: CaptureEnd = { how: 'imported', by: null, code: null, reason: null, httpStatus: null, detail: null };

/** SHA-256 of a file's bytes, in hex: what makes two imports of it the same. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/** Writes all sessions of a file into a spool, in order. `onOffset` is told how many bytes of the file are done. */
export async function writeImport(
  writer: SpoolWriter,
  entries: AsyncIterable<FileEntry>,
  onOffset: (offset: number) => void,
): Promise<WrittenImport> {
  const buffer = makeAppendBuffer(writer);
  const sessionIds: SessionId[] = [];
  const unreadable: UnreadableLine[] = [];
  let messages = 0;
  let open: OpenSession | null = null;
  for await (const entry of entries) {
    if (entry.kind === 'session') {
      if (open !== null) buffer.add(closeRecord(open));
      open = { sessionId: makeSessionId(), lastAt: entry.at };
      sessionIds.push(open.sessionId);
      buffer.add({ kind: 'session_open', sessionId: open.sessionId, at: entry.at, capture: entry.capture });
    } else if (open !== null) {
      buffer.add(...recordsOf(open, entry));
      if (entry.kind === 'end') open = null;
      if (entry.kind === 'message') messages += 1;
      if (entry.kind === 'message' && entry.problem !== null) unreadable.push({ place: entry.place, detail: entry.problem });
    }
    onOffset(entry.offset);
  }
  if (open !== null) buffer.add(closeRecord(open));
  buffer.flush();
  return { sessionIds, messages, unreadable };
}

/** The session that entries belong to; `lastAt` moves with its messages. */
interface OpenSession {
  readonly sessionId: SessionId;
  lastAt: WallMicros | null;
}

function recordsOf(open: OpenSession, entry: Exclude<FileEntry, { kind: 'session' }>): readonly SpoolRecord[] {
  const { sessionId } = open;
  switch (entry.kind) {
    case 'message': {
      const { seq, at, direction, format, payload, wireBytes, masked, audioDropped } = entry.message;
      open.lastAt = at ?? open.lastAt;
      return [
        { kind: 'message', sessionId, seq, at, direction, format, payload, wireBytes, masked: masked ? 1 : 0, audioDropped },
      ];
    }
    case 'end':
      // A lost or still open session has no end of its own: without one the recorder sees it as lost, as it was.
      return entry.end.end === null ? [] : [{ kind: 'session_close', sessionId, at: entry.end.at, end: entry.end.end }];
    default:
      return assertUnreachable(entry);
  }
}

function closeRecord({ sessionId, lastAt }: OpenSession): SpoolRecord {
  return { kind: 'session_close', sessionId, at: lastAt, end: END_OF_FILE };
}

interface AppendBuffer {
  add(...records: readonly SpoolRecord[]): void;
  flush(): void;
}

function makeAppendBuffer(writer: SpoolWriter): AppendBuffer {
  let held: SpoolRecord[] = [];
  let bytes = 0;
  const flush = () => {
    if (held.length > 0) writer.append(held);
    held = [];
    bytes = 0;
  };
  return {
    flush,
    add(...records) {
      for (const record of records) {
        held.push(record);
        if (record.kind === 'message') bytes += record.payload.length;
      }
      if (held.length >= APPEND_RECORDS || bytes >= APPEND_BYTES) flush();
    },
  };
}
