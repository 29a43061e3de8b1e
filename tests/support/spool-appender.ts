import { makeSessionId } from '#lib/base/session-id.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { makeMessage } from './spool-records.ts';

/** A process that appends until it is killed and prints the last `seq` whose append returned: `node spool-appender.ts FOLDER`. */
const writer = openSpoolWriter({ folder: String(process.argv[2]), segmentBytes: 256 * 1024, maxBytes: 1024 ** 3 });
const sessionId = makeSessionId();
let seq = 0;

function appendBatch(): void {
  const batch = Array.from({ length: 7 }, () => {
    seq += 1;
    return makeMessage(sessionId, seq, 'x'.repeat(400));
  });
  writer.append(batch);
  process.stdout.write(`${seq}\n`);
  setImmediate(appendBatch);
}

appendBatch();
