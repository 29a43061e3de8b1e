import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import type { SessionLine } from '#tests/support/golden.ts';
import { FIXTURES, fixtureNames, readSession } from '#tests/support/golden.ts';
import { CAPTURE, drainFolder, END, temporaryFolder } from '#tests/support/recording.ts';
import { readStoredSession } from '#tests/support/stored-session.ts';
import { makeTestStore } from '#tests/support/test-store.ts';
import { redetectSession } from '#workers/recorder/redetect.ts';

const database = makeTestStore();

/** The shared recordings, where this checkout has them beside it. */
const TRAFFIC = join(import.meta.dirname, '../../../shared/traffic/sessions');
const WATERMARK_MICROS = 1_000_000;

let spools = 0;

/** How a recording reaches the recorder: after which shares of it the recorder is started anew, and how many rows a batch has. */
interface Delivery {
  readonly restarts: readonly number[];
  readonly batchRows: number;
}

const STRAIGHT: Delivery = { restarts: [], batchRows: 2000 };
const anyDelivery = fc.record({
  restarts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
  batchRows: fc.integer({ min: 1, max: 60 }),
});

/** What a tap would have spooled of a recording, a watermark for every silent second included. */
function* spoolOf(id: SessionId, lines: readonly SessionLine[]): Generator<SpoolRecord> {
  const hasTimes = lines.every(({ t }) => t !== null);
  const timeOf = (line: SessionLine | undefined) => (hasTimes ? (((line?.t ?? 0) * 1000) as WallMicros) : null);
  let at = timeOf(lines[0]);
  yield { kind: 'session_open', sessionId: id, at, capture: { ...CAPTURE, clock: hasTimes ? 'wall' : 'none' } };
  for (const [index, line] of lines.entries()) {
    const next = timeOf(line);
    for (; at !== null && next !== null && at + WATERMARK_MICROS < next; at = (at + WATERMARK_MICROS) as WallMicros) {
      yield { kind: 'watermark', at: (at + WATERMARK_MICROS) as WallMicros, sessionIds: [id] };
    }
    at = next;
    const payload = Buffer.from(JSON.stringify(line.event));
    const direction = line.dir === 'client' ? 'client_to_server' : 'server_to_client';
    const plain = { format: 'text', masked: 0, audioDropped: false, wireBytes: payload.byteLength } as const;
    yield { kind: 'message', sessionId: id, seq: index + 1, at, direction, payload, ...plain };
  }
  yield { kind: 'session_close', sessionId: id, at, end: END };
}

/** Records a recording as it is delivered; gives the session that it became. */
async function record(lines: readonly SessionLine[], { restarts, batchRows }: Delivery): Promise<SessionId> {
  const folder = temporaryFolder('replay');
  const writer = openSpoolWriter({ folder: folder.path, segmentBytes: 1024 ** 2, maxBytes: 1024 ** 3 });
  const id = makeSessionId();
  const records = [...spoolOf(id, lines)];
  spools += 1;
  const options = { spool: `replay-${spools}`, limits: { rows: batchRows, bytes: 1024 ** 2, ms: 1 } };
  const ends = [...restarts, 1].map((share) => Math.round(share * records.length)).sort((left, right) => left - right);
  for (const [index, end] of ends.entries()) {
    writer.append(records.slice(ends[index - 1] ?? 0, end));
    await drainFolder(database.store, folder.path, options);
  }
  writer.close();
  folder.remove();
  return id;
}

/** The property over some recordings: however one is delivered, the same rows are left. */
async function expectSameRows(files: readonly string[], numRuns: number): Promise<void> {
  const straight = new Map<string, unknown>();
  const property = fc.asyncProperty(fc.constantFrom(...files), anyDelivery, async (file, delivery) => {
    const lines = readSession(file);
    const expected = straight.get(file) ?? (await readStoredSession(database.store, await record(lines, STRAIGHT)));
    straight.set(file, expected);
    expect(await readStoredSession(database.store, await record(lines, delivery))).toEqual(expected);
  });
  await fc.assert(property, { seed: 20261121, numRuns });
}

const fixtures = fixtureNames().map((name) => join(FIXTURES, `${name}.jsonl`));
const recordings = existsSync(TRAFFIC) ? readdirSync(TRAFFIC).map((file) => join(TRAFFIC, file)) : [];

test(
  'our recordings leave the same rows and anomalies, delivered in any pieces with restarts between',
  { timeout: 240_000, retry: 0 },
  () => expectSameRows(fixtures, 80),
);

test.skipIf(recordings.length === 0)('so do the recordings of real sessions', { timeout: 240_000, retry: 0 }, () =>
  expectSameRows(recordings, 80),
);

test('the rules run over a stored session find what they found while it ran', { timeout: 120_000, retry: 0 }, async () => {
  for (const file of fixtures) {
    const id = await record(readSession(file), { restarts: [0.4], batchRows: 7 });
    const live = await readStoredSession(database.store, id);
    await redetectSession(database.store, id);
    expect(await readStoredSession(database.store, id), file).toEqual(live);
  }
});
