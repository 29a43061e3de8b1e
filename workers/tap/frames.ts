import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';

/**
 * How records travel from the relay's event loop to the writer thread: one after the other in a shared chunk of memory, so that
 * a message costs one copy and no object. All numbers are little-endian.
 *
 *   offset  0  u8   kind: 1 message, 2 other
 *           1  u8   flags of a message: 1 from the server, 2 binary
 *           4  u32  seq of a message; index of another record in the list that travels beside the chunk
 *           8  f64  time of receipt in microseconds
 *          16  16 B session id
 *          32  u32  length of the payload, which follows
 */
export const FRAME_HEAD_BYTES = 36;

const KIND_MESSAGE = 1;
const KIND_OTHER = 2;
const FROM_SERVER = 1;
const IS_BINARY = 2;

/** A message as the relay hands it over. */
export interface MessageFrame {
  readonly sessionId: Uint8Array;
  readonly seq: number;
  readonly at: WallMicros;
  readonly isFromServer: boolean;
  readonly isBinary: boolean;
  readonly payload: Uint8Array;
}

/** What travels in one hand-over: a chunk filled up to `used`, and the rare records that frames of kind 2 point at. */
export interface Batch {
  readonly number: number;
  readonly chunk: SharedArrayBuffer;
  readonly used: number;
  readonly records: readonly SpoolRecord[];
}

/** Writes a message at `offset`; the caller has made sure of the room. Returns the offset behind it. */
export function writeMessageFrame(view: DataView, bytes: Uint8Array, offset: number, frame: MessageFrame): number {
  view.setUint8(offset, KIND_MESSAGE);
  view.setUint8(offset + 1, (frame.isFromServer ? FROM_SERVER : 0) | (frame.isBinary ? IS_BINARY : 0));
  view.setUint32(offset + 4, frame.seq, true);
  view.setFloat64(offset + 8, frame.at, true);
  bytes.set(frame.sessionId, offset + 16);
  view.setUint32(offset + 32, frame.payload.byteLength, true);
  bytes.set(frame.payload, offset + FRAME_HEAD_BYTES);
  return offset + FRAME_HEAD_BYTES + frame.payload.byteLength;
}

/** Writes the place of another record at `offset`. Returns the offset behind it. */
export function writeRecordFrame(view: DataView, offset: number, index: number): number {
  view.setUint8(offset, KIND_OTHER);
  view.setUint32(offset + 4, index, true);
  view.setUint32(offset + 32, 0, true);
  return offset + FRAME_HEAD_BYTES;
}

/** A session's id as the 16 bytes of a frame. */
export function sessionIdBytes(id: SessionId): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** Reads a batch back in order. Payloads are views into the chunk: they are valid until the batch is given back. */
export function readFrames(batch: Batch): SpoolRecord[] {
  const view = new DataView(batch.chunk);
  const bytes = Buffer.from(batch.chunk);
  const ids = new Map<string, SessionId>();
  const records: SpoolRecord[] = [];
  for (let offset = 0; offset < batch.used; ) {
    const length = view.getUint32(offset + 32, true);
    if (view.getUint8(offset) === KIND_OTHER) records.push(batch.records[view.getUint32(offset + 4, true)] as SpoolRecord);
    else records.push(messageAt(view, bytes, offset, length, ids));
    offset += FRAME_HEAD_BYTES + length;
  }
  return records;
}

function messageAt(view: DataView, bytes: Buffer, offset: number, length: number, ids: Map<string, SessionId>): SpoolRecord {
  const flags = view.getUint8(offset + 1);
  const start = offset + FRAME_HEAD_BYTES;
  return {
    kind: 'message',
    sessionId: sessionIdAt(bytes, offset + 16, ids),
    seq: view.getUint32(offset + 4, true),
    at: view.getFloat64(offset + 8, true) as WallMicros,
    direction: flags & FROM_SERVER ? 'server_to_client' : 'client_to_server',
    format: flags & IS_BINARY ? 'binary' : 'text',
    payload: bytes.subarray(start, start + length),
    wireBytes: length,
    masked: 0,
    audioDropped: false,
  };
}

/** Ids repeat within a batch; their text is made once. */
function sessionIdAt(bytes: Buffer, start: number, ids: Map<string, SessionId>): SessionId {
  const key = bytes.toString('latin1', start, start + 16);
  const known = ids.get(key);
  if (known) return known;
  const hex = bytes.toString('hex', start, start + 16);
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as SessionId;
  ids.set(key, id);
  return id;
}
