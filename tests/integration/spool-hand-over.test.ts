import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { SpoolPosition, SpoolRead, SpoolReader } from '#lib/spool/reader.ts';
import { openSpoolReader } from '#lib/spool/reader.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import type { SpoolWriter } from '#lib/spool/writer.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { CAPTURE, makeMessage, makeTestFolder, readWholeSpool } from '#tests/support/spool-records.ts';

const LIMITS = { rows: 1000, bytes: 1024 ** 2 };
const MEGABYTE = 1024 ** 2;
let folder: string;
let session: SessionId;
let opened: { close(): void }[];

beforeEach(() => {
  folder = makeTestFolder('spool');
  session = makeSessionId();
  opened = [];
});

afterEach(() => {
  for (const each of opened.reverse()) each.close();
  rmSync(folder, { recursive: true, force: true });
});

function openWriter(options: { segmentBytes?: number; maxBytes?: number; onTrouble?: 'drop' | 'throw' } = {}): SpoolWriter {
  const writer = openSpoolWriter({ folder, segmentBytes: 64 * MEGABYTE, maxBytes: 1024 * MEGABYTE, ...options });
  opened.push(writer);
  return writer;
}

function openReader(): SpoolReader {
  const reader = openSpoolReader({ folder });
  opened.push(reader);
  return reader;
}

function closeNow(each: { close(): void }): void {
  each.close();
  opened.splice(opened.indexOf(each), 1);
}

/** Reads on until nothing comes; returns what came and where it ended. */
function drain(reader: SpoolReader, after: SpoolPosition | null): { records: SpoolRecord[]; next: SpoolPosition } {
  const records: SpoolRecord[] = [];
  let place = after;
  for (;;) {
    const read: SpoolRead = reader.read(place, LIMITS);
    if (read.state === 'wiped' || read.state === 'rolled_back') throw new Error(read.detail);
    place = read.next;
    if (read.state === 'empty') return { records, next: place as SpoolPosition };
    records.push(...read.records.map((each) => each.record));
  }
}

test('a reader gets every kind of record back exactly as it was written', () => {
  const records: SpoolRecord[] = [
    { kind: 'session_open', sessionId: session, at: null, capture: CAPTURE },
    makeMessage(session, 1, '{"type":"é"}'),
    {
      ...makeMessage(session, 2, new Uint8Array([0, 255, 128])),
      format: 'binary',
      direction: 'unknown',
      at: null,
      masked: 3,
      audioDropped: true,
    },
    makeMessage(session, 3, ''),
    { kind: 'watermark', at: makeMessage(session, 1).at ?? (0 as never), sessionIds: [session] },
    { kind: 'loss', sessionId: session, at: 5 as never, fromSeq: 4, toSeq: 9, bytes: 10, cause: 'buffer_full' },
    {
      kind: 'session_close',
      sessionId: session,
      at: null,
      end: { how: 'ended', by: 'tap', code: 1001, reason: 'x', httpStatus: null, detail: null },
    },
  ];
  openWriter().append(records);
  const read = readWholeSpool(folder);
  expect(read[0]).toMatchObject({ kind: 'writer_start' });
  expect(read.slice(1).map(plain)).toEqual(records.map(plain));
});

function plain(record: SpoolRecord): unknown {
  return record.kind === 'message' ? { ...record, payload: Buffer.from(record.payload).toString('hex') } : record;
}

test('a reader follows a writer over segments and sees only what is committed', () => {
  const writer = openWriter({ segmentBytes: 64 * 1024 });
  const reader = openReader();
  let place: SpoolPosition | null = null;
  const seqs: number[] = [];
  for (let seq = 1; seq <= 300; seq += 1) {
    writer.append([makeMessage(session, seq, 'x'.repeat(1000))]);
    const got = drain(reader, place);
    place = got.next;
    for (const record of got.records) if (record.kind === 'message') seqs.push(record.seq);
  }
  expect(seqs).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  expect(place?.segment).toBeGreaterThan(3);
});

test('limits of rows and bytes cap a read, one record always comes', () => {
  openWriter().append([1, 2, 3, 4].map((seq) => makeMessage(session, seq, 'x'.repeat(1000))));
  const reader = openReader();
  expect(reader.read(null, { rows: 2, bytes: MEGABYTE })).toMatchObject({ state: 'records', records: { length: 2 } });
  expect(reader.read(null, { rows: 10, bytes: 1500 })).toMatchObject({ records: { length: 2 } });
  expect(reader.read(null, { rows: 10, bytes: 1 })).toMatchObject({ records: { length: 1 } });
});

test('a second writer is refused, and the reader knows whether one lives', () => {
  const reader = openReader();
  expect(reader.isWriterAlive()).toBe(false);
  const writer = openWriter();
  expect(reader.isWriterAlive()).toBe(true);
  expect(() => openWriter()).toThrow(expect.objectContaining({ code: 'DS_SPOOL_LOCKED' }));
  closeNow(writer);
  expect(reader.isWriterAlive()).toBe(false);
});

test('a writer that continues another knows its last mark and does not begin a capture', () => {
  const first = openWriter({ segmentBytes: 64 * 1024 });
  first.append([makeMessage(session, 1, 'x'.repeat(100_000))], 7);
  first.append([makeMessage(session, 2)], 8);
  first.append([makeMessage(session, 3)]);
  closeNow(first);
  const second = openSpoolWriter({ folder, segmentBytes: MEGABYTE, maxBytes: 8 * MEGABYTE, continues: true });
  opened.push(second);
  expect(second.mark).toBe(8);
  second.append([makeMessage(session, 4)], 9);
  expect(readWholeSpool(folder).map((record) => record.kind)).toEqual([
    'writer_start',
    'message',
    'message',
    'message',
    'message',
  ]);
});

test('trimming deletes whole recorded segments; reading goes on and numbers are never used twice', () => {
  const writer = openWriter({ segmentBytes: 64 * 1024 });
  for (let seq = 1; seq <= 200; seq += 1) writer.append([makeMessage(session, seq, 'x'.repeat(1000))]);
  const reader = openReader();
  const first = drain(reader, null);
  closeNow(writer);
  const second = openWriter({ segmentBytes: 64 * 1024 });
  reader.trim(first.next);
  expect(readdirSync(folder).filter((name) => name.endsWith('.sqlite'))).toHaveLength(1);
  second.append([makeMessage(session, 201)]);
  const next = drain(reader, first.next);
  expect(next.records.map((record) => record.kind)).toEqual(['writer_start', 'message']);
  expect(next.next.segment).toBe(first.next.segment + 1);
});

test('a segment that is still written is not trimmed', () => {
  const writer = openWriter();
  const reader = openReader();
  const { next } = drain(reader, null);
  reader.trim(next);
  writer.append([makeMessage(session, 1)]);
  expect(drain(reader, next).records).toHaveLength(1);
});

test('a folder that was wiped under a position is reported, not skipped', () => {
  const writer = openWriter();
  const reader = openReader();
  const { next } = drain(reader, null);
  closeNow(writer);
  rmSync(folder, { recursive: true });
  expect(reader.read(next, LIMITS)).toMatchObject({ state: 'wiped', restartAt: null });
  openWriter();
  expect(reader.read(next, LIMITS)).toMatchObject({ state: 'rolled_back', restartAt: null });
  expect(drain(reader, null).records).toMatchObject([{ kind: 'writer_start' }]);
});

test('a folder wiped under a living writer is noticed by both sides and recording goes on', () => {
  const writer = openWriter();
  const reader = openReader();
  const { next } = drain(reader, null);
  rmSync(folder, { recursive: true });
  writer.append([makeMessage(session, 1)]);
  expect(reader.read(next, LIMITS)).toMatchObject({ state: 'wiped' });
  expect(drain(reader, null).records).toMatchObject([{ kind: 'message', seq: 1 }]);
  expect(reader.isWriterAlive()).toBe(true);
});

test('a folder rolled back to an older copy is reported', () => {
  const copy = makeTestFolder('spool-copy');
  const writer = openWriter();
  cpSync(folder, copy, { recursive: true });
  writer.append([makeMessage(session, 1)]);
  const { next } = drain(openReader(), null);
  closeNow(writer);
  rmSync(folder, { recursive: true });
  cpSync(copy, folder, { recursive: true });
  rmSync(copy, { recursive: true });
  const reader = openReader();
  expect(reader.read(next, LIMITS)).toMatchObject({ state: 'rolled_back' });
});

test('a segment that cannot be read is set aside and reported, the next one is read', () => {
  const first = openWriter();
  closeNow(first);
  writeFileSync(join(folder, '00000001.sqlite'), 'this is no database, whatever its name says '.repeat(200));
  openWriter();
  const reader = openReader();
  expect(reader.read(null, LIMITS)).toMatchObject({ state: 'wiped', detail: expect.stringContaining('00000001.sqlite.corrupt') });
  expect(drain(reader, null).records).toMatchObject([{ kind: 'writer_start' }]);
});

test('a segment of another format is refused with a code', async () => {
  closeNow(openWriter());
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(folder, '00000001.sqlite'));
  database.exec('update segment set format = 99');
  database.close();
  expect(() => openReader().read(null, LIMITS)).toThrow(expect.objectContaining({ code: 'DS_SPOOL_FORMAT' }));
});

test('a spool that fills drops audio first, then messages, counts each loss, and goes on when there is room', () => {
  const writer = openWriter({ maxBytes: MEGABYTE, segmentBytes: 64 * 1024 });
  const audio = `{"type":"response.output_audio.delta","delta":"${'A'.repeat(8000)}"}`;
  writer.append([{ kind: 'session_open', sessionId: session, at: null, capture: CAPTURE }]);
  let seq = 0;
  while (writer.stats().state !== 'full' && seq < 5000) {
    seq += 1;
    writer.append([makeMessage(session, seq, audio), makeMessage(session, ++seq, 'y'.repeat(1500))]);
  }
  const full = writer.stats();
  expect(full).toMatchObject({ state: 'full' });
  expect(full.audioDropped).toBeGreaterThan(0);
  for (let more = 0; more < 50; more += 1) writer.append([makeMessage(session, ++seq, audio)]);
  expect(writer.stats().bytes).toBeLessThanOrEqual(MEGABYTE);
  const other = makeSessionId();
  writer.append([{ kind: 'session_open', sessionId: other, at: null, capture: CAPTURE }]);

  const reader = openReader();
  const before = drain(reader, null);
  expect(before.records.at(-1)).toMatchObject({ kind: 'session_open', sessionId: other });
  reader.trim(before.next);
  const lost = writer.stats().lostMessages;
  const deadline = Date.now() + 2000;
  while (writer.stats().state === 'full' && Date.now() < deadline)
    writer.append([{ kind: 'watermark', at: 1 as never, sessionIds: [] }]);
  writer.append([makeMessage(session, ++seq, 'after')]);
  const after = drain(reader, before.next).records.filter((record) => record.kind !== 'watermark');
  expect(after).toMatchObject([
    { kind: 'loss', sessionId: session, toSeq: seq - 1, cause: 'spool_full' },
    { kind: 'message', seq },
  ]);
  const seen = [...before.records, ...after].reduce(
    (sum, record) => sum + (record.kind === 'message' ? 1 : record.kind === 'loss' ? record.toSeq - record.fromSeq + 1 : 0),
    0,
  );
  expect(seen).toBe(seq);
  expect(lost).toBeGreaterThanOrEqual(50);
});

test('an import is told that the spool is full instead of losing anything', () => {
  const writer = openWriter({ maxBytes: MEGABYTE, segmentBytes: 64 * 1024, onTrouble: 'throw' });
  const fill = (): void => {
    for (let seq = 1; seq < 2000; seq += 1) writer.append([makeMessage(session, seq, 'x'.repeat(2000))]);
  };
  expect(fill).toThrow(expect.objectContaining({ code: 'DS_SPOOL_FULL' }));
  expect(writer.stats().lostMessages).toBe(0);
});

test('a folder that cannot be written is refused with a code at the start', () => {
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  expect(() => openSpoolWriter({ folder: blocked, segmentBytes: MEGABYTE, maxBytes: MEGABYTE })).toThrow(
    expect.objectContaining({ code: 'DS_SPOOL_FAILED' }),
  );
});

test('when the folder stops being writable, losses are counted and recording goes on afterwards', async () => {
  const writer = openWriter();
  writer.append([makeMessage(session, 1)]);
  // A file where the folder was: creating a segment fails for root too, unlike a folder without permissions.
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  writer.append([makeMessage(session, 2)]);
  writer.append([makeMessage(session, 3), { kind: 'session_open', sessionId: session, at: null, capture: CAPTURE }]);
  expect(writer.stats()).toMatchObject({ state: 'failed', lostMessages: 2 });
  rmSync(folder);
  mkdirSync(folder);
  chmodSync(folder, 0o700);
  await new Promise((resolve) => setTimeout(resolve, 1050));
  writer.append([makeMessage(session, 4)]);
  expect(readWholeSpool(folder)).toMatchObject([
    { kind: 'loss', fromSeq: 2, toSeq: 3, cause: 'spool_failed' },
    { kind: 'session_open' },
    { kind: 'message', seq: 4 },
  ]);
});

test('every append that returned survives kill -9 of its process', async () => {
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, [fileURLToPath(new URL('../support/spool-appender.ts', import.meta.url)), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let acknowledged = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      acknowledged = Math.max(acknowledged, Number(text.trimEnd().split('\n').at(-1)) || 0);
    });
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 100 + 70 * round));
    child.kill('SIGKILL');
    await once(child, 'close');
    const records = readWholeSpool(folder);
    const start = records.findLastIndex((record) => record.kind === 'writer_start');
    const seqs = records.slice(start + 1).map((record) => (record.kind === 'message' ? record.seq : 0));
    expect(seqs.length).toBeGreaterThanOrEqual(acknowledged);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(openReader().isWriterAlive()).toBe(false);
  }
});
