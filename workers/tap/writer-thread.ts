import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '#lib/base/assert.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { wallMicros } from './clock.ts';
import type { Batch } from './frames.ts';
import { readFrames } from './frames.ts';
import { maskRecord } from './mask-record.ts';
import type { WriterReport, WriterThreadData } from './record-channel.ts';

/**
 * The thread that writes what the relay has seen: masks secrets, appends to the spool, says how far it is. Disk, SQL and JSON of the
 * tap are here and nowhere else.
 */
const port = parentPort;
assert(port, 'the writer thread is started by the record channel');
const { spool, written, continues } = workerData as WriterThreadData;
const writtenNumber = new BigInt64Array(written);
const writer = openSpoolWriter({ ...spool, continues });
// The thread before may have died between a commit and its note of it.
noteWritten(writer.mark);
let lagMs = 0;

const REPORT_MS = 1000;
const reporter = setInterval(report, REPORT_MS);

port.on('message', (message: Batch | 'close') => {
  if (message === 'close') end();
  else write(message);
});
report();
port.postMessage('ready');

function write(batch: Batch): void {
  if (batch.number <= Number(Atomics.load(writtenNumber, 0))) return;
  const records = readFrames(batch);
  writer.append(records.map(maskRecord), batch.number);
  noteWritten(batch.number);
  noteLag(records[0]);
}

function noteWritten(number: number): void {
  if (BigInt(number) > Atomics.load(writtenNumber, 0)) Atomics.store(writtenNumber, 0, BigInt(number));
}

function noteLag(oldest: SpoolRecord | undefined): void {
  if (oldest?.kind === 'message' && oldest.at !== null) lagMs = Math.max(lagMs, (wallMicros() - oldest.at) / 1000);
}

function report(): void {
  port?.postMessage({ stats: writer.stats(), lagMs } satisfies WriterReport);
  lagMs = 0;
}

function end(): void {
  clearInterval(reporter);
  writer.close();
  port?.close();
}
