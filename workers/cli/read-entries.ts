import { basename } from 'node:path';
import type { WallMicros } from '#lib/base/brand.ts';
import type { ExportedEnd, ExportedMessage } from '#lib/import/export-format.ts';
import { isExportHeader, parseExportLine } from '#lib/import/export-format.ts';
import { guessDirection } from '#lib/import/guess-direction.ts';
import type { ImportedMessage } from '#lib/import/imported-message.ts';
import { readLine } from '#lib/import/read-line.ts';
import type { SessionClock } from '#lib/import/session-clock.ts';
import { sessionClock, timeOn } from '#lib/import/session-clock.ts';
import type { CaptureMeta } from '#lib/protocol/capture.ts';
import { readLines } from './read-lines.ts';
import type { FileMessage } from './read-messages.ts';
import { readMessages } from './read-messages.ts';

/** What a file holds, step by step: a session begins, its messages, its end. `offset` is the number of bytes read so far. */
export type FileEntry = { readonly offset: number } & (
  | { readonly kind: 'session'; readonly at: WallMicros | null; readonly capture: CaptureMeta }
  | { readonly kind: 'message'; readonly message: EntryMessage; readonly place: number; readonly problem: string | null }
  | { readonly kind: 'end'; readonly end: ExportedEnd }
);

type EntryMessage = Omit<ExportedMessage, 'isJsonObject'>;

/** Messages looked at before the session begins, to learn which clock its times are on. */
const CLOCK_SAMPLE = 1000;

/** Reads a file as one session, or, where it is our own export, as the sessions that it names. */
export async function* readEntries(file: string, sha256: string): AsyncGenerator<FileEntry> {
  for await (const line of readLines(file)) {
    if (isExportHeader(line.bytes.toString('utf8'))) yield* readExport(file, sha256);
    else yield* readForeign(file, sha256);
    return;
  }
}

async function* readExport(file: string, sha256: string): AsyncGenerator<FileEntry> {
  let index = 0;
  let seq = 0;
  for await (const { bytes, number: place, offset } of readLines(file)) {
    const line = parseExportLine(bytes.toString('utf8'));
    if (line === null) {
      seq += 1;
      const problem = 'The line is not one of a Deltascope export.';
      yield { kind: 'message', offset, place, message: toMessage(readLine(bytes), seq, 'none'), problem };
    } else if (line.kind === 'session') {
      const source = { file: basename(file), sha256, format: 'deltascope', index };
      index += 1;
      seq = 0;
      yield { kind: 'session', offset, at: line.session.startedAt, capture: { ...line.session.capture, source } };
    } else if (line.kind === 'message') {
      seq = Math.max(seq + 1, line.message.seq);
      yield { kind: 'message', offset, place, message: { ...line.message, seq }, problem: null };
    } else {
      yield { kind: 'end', offset, end: line.end };
    }
  }
}

async function* readForeign(file: string, sha256: string): AsyncGenerator<FileEntry> {
  const messages = readMessages(file);
  const sample: FileMessage[] = [];
  while (sample.length < CLOCK_SAMPLE) {
    const next = await messages.next();
    if (next.done) break;
    sample.push(next.value);
  }
  const clock = sessionClock(sample.map((entry) => entry.message));
  const first = sample[0];
  const at = first === undefined ? null : timeOn(clock, first.message);
  yield { kind: 'session', offset: 0, at, capture: importedCapture(file, sha256, clock) };
  let seq = 0;
  for (const entry of sample) yield toEntry(entry, ++seq, clock);
  for await (const entry of messages) yield toEntry(entry, ++seq, clock);
}

function toEntry({ message, place, offset }: FileMessage, seq: number, clock: SessionClock): FileEntry {
  return { kind: 'message', offset, place, message: toMessage(message, seq, clock), problem: message.problem?.detail ?? null };
}

function toMessage(message: ImportedMessage, seq: number, clock: SessionClock): EntryMessage {
  const { payload, format } = message;
  const direction = message.direction === 'unknown' ? guessDirection(payload) : message.direction;
  const whole = { wireBytes: payload.length, masked: false, audioDropped: false };
  return { seq, at: timeOn(clock, message), direction, format, payload, ...whole };
}

function importedCapture(file: string, sha256: string, clock: SessionClock): CaptureMeta {
  return {
    mode: 'import',
    transport: 'unknown',
    upstream: null,
    upstreamKind: null,
    path: null,
    query: {},
    requestHeaders: {},
    responseHeaders: {},
    subprotocol: null,
    tags: {},
    clock,
    source: { file: basename(file), sha256, format: 'events', index: 0 },
  };
}
