import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ImportedMessage } from '#lib/import/imported-message.ts';
import { readDocument } from '#lib/import/read-array.ts';
import { readLine } from '#lib/import/read-line.ts';
import { readLines } from './read-lines.ts';

/** Documents that are one JSON value are read whole; longer files only line by line. */
const MAX_DOCUMENT_BYTES = 512 * 1024 ** 2;

/** One message of a file, with its place for reports. */
export interface FileMessage {
  readonly message: ImportedMessage;
  /** Line of the file, or number of the element in a JSON array, counted from 1. */
  readonly place: number;
  /** Bytes of the file read so far. */
  readonly offset: number;
}

/** Reads the messages of a file in order, whichever form it has: NDJSON, one JSON array, or one JSON document. */
export async function* readMessages(file: string): AsyncGenerator<FileMessage> {
  const document = (await mayBeDocument(file)) ? readDocument(readFileSync(file, 'utf8').replace(/^\ufeff/, '')) : null;
  if (document !== null) {
    const offset = statSync(file).size;
    for (const [index, message] of document.entries()) yield { message, place: index + 1, offset };
    return;
  }
  for await (const line of readLines(file)) {
    if (line.bytes.every(isSpace)) continue;
    yield { message: readLine(line.bytes), place: line.number, offset: line.offset };
  }
}

/** Whether a file may be one JSON value: an array, or an object whose first line is not an object yet. */
async function mayBeDocument(file: string): Promise<boolean> {
  const { size } = statSync(file);
  if (size > MAX_DOCUMENT_BYTES) return false;
  const head = await readHead(file);
  const text = head
    .toString('utf8')
    .trimStart()
    .replace(/^\ufeff/, '');
  if (text.startsWith('[')) return true;
  const lineEnd = text.indexOf('\n');
  if (!text.startsWith('{') || lineEnd === -1) return false;
  return !isJson(text.slice(0, lineEnd));
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(64 * 1024) });
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
