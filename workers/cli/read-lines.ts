import { createReadStream } from 'node:fs';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** One line of a file, without its line end. */
export interface FileLine {
  /** Counted from 1. */
  readonly number: number;
  readonly bytes: Buffer;
  /** Bytes of the file up to and with this line, for progress. */
  readonly offset: number;
}

/** Reads a file of any size line by line, as bytes; a UTF-8 byte order mark at its start is left out. */
export async function* readLines(file: string): AsyncGenerator<FileLine> {
  let pending: Buffer[] = [];
  let number = 0;
  let offset = 0;
  const finish = (last: Buffer): FileLine => {
    const whole = pending.length === 0 ? last : Buffer.concat([...pending, last]);
    pending = [];
    number += 1;
    const bytes = whole.at(-1) === RETURN ? whole.subarray(0, -1) : whole;
    return { number, bytes: number === 1 ? withoutByteOrderMark(bytes) : bytes, offset };
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      offset += at + 1 - from;
      yield finish(chunk.subarray(from, at));
      from = at + 1;
    }
    if (from < chunk.length) pending.push(chunk.subarray(from));
    offset += chunk.length - from;
  }
  if (pending.length > 0) yield finish(Buffer.alloc(0));
}

function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
