/**
 * PostgreSQL's binary form of a one-dimensional array, as `unnest($1::text[])` takes it when a parameter arrives as bytes.
 * Beside array literals it needs no escaping and no parsing on either side, and bytes of a message are copied, never decoded:
 * that is what makes a batch cheap. The element's type is named in the header and must equal the statement's cast.
 */

/** Element types of the columns that are written, with their fixed object ids (pg_type). */
const TYPE_OIDS = { bool: 16, bytea: 17, int8: 20, int4: 23, text: 25, float8: 701, timestamptz: 1184, uuid: 2950 } as const;

export type ElementType = keyof typeof TYPE_OIDS;

/** What an element may be: text and bytes as such, UUIDs as text, timestamps as wall microseconds. */
export type Element = string | number | boolean | Uint8Array | null;

const HEADER_BYTES = 20;
const SMALLEST_BYTES = 4096;

/** Microseconds from 1970-01-01, our epoch, to 2000-01-01, PostgreSQL's. */
const POSTGRES_EPOCH_US = 946_684_800_000_000;

/** Texts shorter than this are written character by character: the call into native code would cost more. */
const SHORT_TEXT = 48;

/** Most different values of a column that are remembered in their encoded form. */
const REMEMBERED = 512;

/** Encodes one column of `rows`, read by `read`. Text must be free of NUL (see sanitise.ts). */
export function encodeArray<Row>(type: ElementType, rows: readonly Row[], read: (row: Row) => Element): Uint8Array {
  const sink = new ArraySink(rows.length);
  const write = WRITERS[type];
  for (const row of rows) {
    const value = read(row);
    if (value === null) sink.null();
    else write(sink, value);
  }
  return sink.finish(TYPE_OIDS[type], rows.length);
}

const WRITERS: Record<ElementType, (sink: ArraySink, value: Exclude<Element, null>) => void> = {
  bool: (sink, value) => sink.byte(value === true ? 1 : 0),
  bytea: (sink, value) => (value instanceof Uint8Array ? sink.bytes(value) : sink.text(String(value))),
  int8: (sink, value) => sink.int64(Number(value)),
  int4: (sink, value) => sink.int32(Number(value)),
  text: (sink, value) => (value instanceof Uint8Array ? sink.bytes(value) : sink.text(String(value))),
  float8: (sink, value) => sink.float64(Number(value)),
  timestamptz: (sink, value) => sink.int64(Number(value) - POSTGRES_EPOCH_US),
  uuid: (sink, value) => sink.uuid(String(value)),
};

/** A buffer that grows while elements are written; each element is its length and its bytes, null is the length -1. */
class ArraySink {
  #buffer: Buffer;
  #at = HEADER_BYTES;
  #hasNull = 0;
  readonly #uuids = new Map<string, Buffer>();

  constructor(elements: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(SMALLEST_BYTES, HEADER_BYTES + elements * 16));
  }

  null(): void {
    this.#reserve(4);
    this.#hasNull = 1;
    this.#length(-1);
  }

  byte(value: number): void {
    this.#reserve(5);
    this.#length(1);
    this.#buffer[this.#at++] = value;
  }

  int32(value: number): void {
    this.#reserve(8);
    this.#length(4);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
  }

  /** Whole numbers up to 2^53, in two halves: BigInt would cost ten times as much. */
  int64(value: number): void {
    this.#reserve(12);
    this.#length(8);
    this.#at = this.#buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), this.#at);
    this.#at = this.#buffer.writeUInt32BE(value >>> 0 === value ? value : modulo32(value), this.#at);
  }

  float64(value: number): void {
    this.#reserve(12);
    this.#length(8);
    this.#at = this.#buffer.writeDoubleBE(value, this.#at);
  }

  /** A batch speaks of few sessions in many rows. */
  uuid(text: string): void {
    let encoded = this.#uuids.get(text);
    if (encoded === undefined) {
      encoded = Buffer.from(text.replaceAll('-', ''), 'hex');
      if (this.#uuids.size < REMEMBERED) this.#uuids.set(text, encoded);
    }
    this.#copy(encoded);
  }

  text(text: string): void {
    this.#reserve(4 + text.length * 3);
    const start = this.#at + 4;
    const written = text.length < SHORT_TEXT && this.#ascii(text, start) ? text.length : this.#buffer.write(text, start);
    this.#length(written);
    this.#at += written;
  }

  bytes(bytes: Uint8Array): void {
    this.#copy(bytes);
  }

  finish(elementOid: number, elements: number): Uint8Array {
    this.#buffer.writeInt32BE(elements === 0 ? 0 : 1, 0);
    this.#buffer.writeInt32BE(this.#hasNull, 4);
    this.#buffer.writeInt32BE(elementOid, 8);
    this.#buffer.writeInt32BE(elements, 12);
    this.#buffer.writeInt32BE(1, 16);
    return this.#buffer.subarray(0, elements === 0 ? 12 : this.#at);
  }

  /** Writes a text without moving on; false at the first character that is more than one byte. */
  #ascii(text: string, start: number): boolean {
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return false;
      this.#buffer[start + index] = unit;
    }
    return true;
  }

  #copy(bytes: Uint8Array): void {
    this.#reserve(4 + bytes.length);
    this.#length(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #length(length: number): void {
    this.#at = this.#buffer.writeInt32BE(length, this.#at);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
  }
}

function modulo32(value: number): number {
  return ((value % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000;
}
