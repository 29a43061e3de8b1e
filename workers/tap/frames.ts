import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';

/**
 * How records travel from the relay's event loop to the writer thread: as frames, one after the other, in chunks of shared memory.
 * All frames of a tap form one stream; a place in it is counted in bytes from its start, over all chunks.
 *
 * A chunk begins with two words that both threads read: how many bytes of frames are complete, and whether more can follow.
 * Then come frames; all numbers are little-endian.
 *
 *   offset  0  u8   kind: 1 message, 2 other
 *           1  u8   flags of a message: 1 from the server, 2 binary
 *           4  u32  seq of a message
 *           8  f64  time of receipt in microseconds
 *          16  16 B session id
 *          32  u32  length of the payload, which follows
 *
 * A frame of kind 2 is only a place: the record itself, which is rare, is posted as an object under that place.
 */
export const FRAME_HEAD_BYTES = 36;
const CHUNK_HEAD_BYTES = 8;
const COMPLETE = 0;
const SEALED = 1;

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

/** A chunk and the place in the stream at which its first frame stands. */
export interface Chunk {
  readonly base: number;
  readonly memory: SharedArrayBuffer;
}

/**
 * A chunk as it is posted. Memory that is used again has a number (others 0) and is posted once: each posting of it would count
 * as new memory for the collector, which would then run for nothing.
 */
export interface PostedChunk {
  readonly base: number;
  readonly number: number;
  readonly memory: SharedArrayBuffer | null;
}

/** Allocates memory for at least `bytes` of frames. */
export function allocateChunk(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(CHUNK_HEAD_BYTES + bytes);
}

/** The filling side of a chunk. What it has written is seen by the other thread at once, and only whole. */
export class ChunkWriter {
  readonly chunk: Chunk;
  readonly #words: Int32Array;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #used = 0;

  constructor(chunk: Chunk) {
    this.chunk = chunk;
    this.#words = new Int32Array(chunk.memory, 0, 2);
    this.#view = new DataView(chunk.memory, CHUNK_HEAD_BYTES);
    this.#bytes = new Uint8Array(chunk.memory, CHUNK_HEAD_BYTES);
    this.#words.fill(0);
  }

  /** The place in the stream at which the next frame will stand. */
  get place(): number {
    return this.chunk.base + this.#used;
  }

  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= this.#bytes.byteLength;
  }

  addMessage(frame: MessageFrame): void {
    const offset = this.#used;
    this.#view.setUint8(offset, KIND_MESSAGE);
    this.#view.setUint8(offset + 1, (frame.isFromServer ? FROM_SERVER : 0) | (frame.isBinary ? IS_BINARY : 0));
    this.#view.setUint32(offset + 4, frame.seq, true);
    this.#view.setFloat64(offset + 8, frame.at, true);
    this.#bytes.set(frame.sessionId, offset + 16);
    this.#view.setUint32(offset + 32, frame.payload.byteLength, true);
    this.#bytes.set(frame.payload, offset + FRAME_HEAD_BYTES);
    this.#complete(FRAME_HEAD_BYTES + frame.payload.byteLength);
  }

  addPlace(): void {
    this.#view.setUint8(this.#used, KIND_OTHER);
    this.#view.setUint32(this.#used + 32, 0, true);
    this.#complete(FRAME_HEAD_BYTES);
  }

  /** Says that nothing more will follow in this chunk. */
  seal(): void {
    Atomics.store(this.#words, SEALED, 1);
  }

  #complete(bytes: number): void {
    this.#used += bytes;
    Atomics.store(this.#words, COMPLETE, this.#used);
  }
}

/** The reading side of a chunk, from a place in the stream on. */
export class ChunkReader {
  readonly #base: number;
  readonly #words: Int32Array;
  readonly #view: DataView;
  readonly #bytes: Buffer;
  readonly #ids = new Map<string, SessionId>();
  #read: number;

  constructor(chunk: Chunk, place: number) {
    this.#base = chunk.base;
    this.#words = new Int32Array(chunk.memory, 0, 2);
    this.#view = new DataView(chunk.memory, CHUNK_HEAD_BYTES);
    this.#bytes = Buffer.from(chunk.memory, CHUNK_HEAD_BYTES);
    this.#read = Math.max(0, place - chunk.base);
  }

  /** The place behind what was read. */
  get place(): number {
    return this.#base + this.#read;
  }

  /** Whether all there will ever be was read. */
  get isExhausted(): boolean {
    // In this order: a chunk that is sealed gets nothing more.
    return Atomics.load(this.#words, SEALED) === 1 && this.#read >= Atomics.load(this.#words, COMPLETE);
  }

  /** Whether frames are complete that were not read yet. */
  get hasMore(): boolean {
    return this.#read < Atomics.load(this.#words, COMPLETE);
  }

  /** All complete frames that were not read yet. Payloads are views into the chunk. */
  read(recordAt: (place: number) => SpoolRecord): SpoolRecord[] {
    const complete = Atomics.load(this.#words, COMPLETE);
    const records: SpoolRecord[] = [];
    while (this.#read < complete) {
      const length = this.#view.getUint32(this.#read + 32, true);
      records.push(this.#view.getUint8(this.#read) === KIND_OTHER ? recordAt(this.place) : this.#message(length));
      this.#read += FRAME_HEAD_BYTES + length;
    }
    return records;
  }

  #message(length: number): SpoolRecord {
    const offset = this.#read;
    const flags = this.#view.getUint8(offset + 1);
    return {
      kind: 'message',
      sessionId: this.#sessionId(offset + 16),
      seq: this.#view.getUint32(offset + 4, true),
      at: this.#view.getFloat64(offset + 8, true) as WallMicros,
      direction: flags & FROM_SERVER ? 'server_to_client' : 'client_to_server',
      format: flags & IS_BINARY ? 'binary' : 'text',
      payload: this.#bytes.subarray(offset + FRAME_HEAD_BYTES, offset + FRAME_HEAD_BYTES + length),
      wireBytes: length,
      masked: 0,
      audioDropped: false,
    };
  }

  /** Ids repeat within a chunk; their text is made once. */
  #sessionId(start: number): SessionId {
    const key = this.#bytes.toString('latin1', start, start + 16);
    const known = this.#ids.get(key);
    if (known) return known;
    const hex = this.#bytes.toString('hex', start, start + 16);
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as SessionId;
    this.#ids.set(key, id);
    return id;
  }
}

/** A session's id as the 16 bytes of a frame. */
export function sessionIdBytes(id: SessionId): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
