import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { assert } from '#lib/base/assert.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { wallMicros } from './clock.ts';
import type { Chunk, PostedChunk } from './frames.ts';
import { ChunkReader } from './frames.ts';
import { maskRecord } from './mask-record.ts';
import type { Posted, WriterReport, WriterThreadData } from './record-channel.ts';
import { makeThreadControl } from './thread-control.ts';

/**
 * The thread that writes what the relay has seen: masks secrets, appends to the spool, says how far it is. Disk, SQL and JSON of the
 * tap are here and nowhere else. It is one loop that never returns to an event loop, see `thread-control.ts` for how it rests.
 */
assert(parentPort, 'the writer thread is started by the record channel');
const port = parentPort;
const { spool, control: memory, continues } = workerData as WriterThreadData;
const control = makeThreadControl(memory);
const writer = openSpoolWriter({ ...spool, continues });

const NAP_MS = 10;
/** So many naps without anything new, and the thread sleeps until it is woken. */
const NAPS = 20;
const REPORT_MS = 1000;

const chunks: Chunk[] = [];
const memories = new Map<number, SharedArrayBuffer>();
const records = new Map<number, SpoolRecord>();
let reader: ChunkReader | null = null;
let lagMs = 0;
let reportedAt = 0;

// The thread before may have died between a commit and its note of it.
if (writer.mark > control.written) control.written = writer.mark;
report();
port.postMessage('ready');
run();
writer.close();
port.close();

function run(): void {
  for (let idle = 0; ; ) {
    idle = writeNew() ? 0 : idle + 1;
    if (Date.now() - reportedAt >= REPORT_MS) report();
    if (idle === 0) continue;
    if (control.isEndRequested && !hasNew()) return;
    if (idle < NAPS) control.nap(NAP_MS);
    else control.sleep(REPORT_MS, () => hasNew() || control.isEndRequested);
  }
}

/** Appends what has come, one chunk's worth at most. Returns whether there was anything. */
function writeNew(): boolean {
  const chunk = currentChunk();
  if (!chunk) return false;
  const found = chunk.read(takeRecord);
  if (found.length === 0) return false;
  writer.append(found.map(maskRecord), chunk.place);
  control.written = chunk.place;
  noteLag(found[0]);
  return true;
}

/** The chunk that is being read, or the next one where that is exhausted. */
function currentChunk(): ChunkReader | null {
  if (reader && !reader.isExhausted) return reader;
  receive();
  const next = chunks.shift();
  if (next) reader = new ChunkReader(next, control.written);
  return reader;
}

function hasNew(): boolean {
  receive();
  return chunks.length > 0 || (reader?.hasMore ?? false);
}

function takeRecord(place: number): SpoolRecord {
  if (!records.has(place)) receive();
  const record = records.get(place);
  assert(record, 'a record is posted before its frame is complete');
  records.delete(place);
  return record;
}

function receive(): void {
  for (let posted = receiveMessageOnPort(port); posted; posted = receiveMessageOnPort(port)) {
    const message = posted.message as Posted;
    if ('memory' in message) chunks.push(knownChunk(message));
    else records.set(message.place, message.record);
  }
}

/** Memory that is used again comes once and is remembered under its number. */
function knownChunk({ base, number, memory }: PostedChunk): Chunk {
  const known = memory ?? memories.get(number);
  assert(known, 'memory is posted with its first chunk');
  if (number > 0) memories.set(number, known);
  return { base, memory: known };
}

function noteLag(oldest: SpoolRecord | undefined): void {
  if (oldest?.kind === 'message' && oldest.at !== null) lagMs = Math.max(lagMs, (wallMicros() - oldest.at) / 1000);
}

function report(): void {
  port.postMessage({ stats: writer.stats(), lagMs } satisfies WriterReport);
  reportedAt = Date.now();
  lagMs = 0;
}
