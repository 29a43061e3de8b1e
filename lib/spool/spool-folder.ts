import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, numberAt, stringAt } from '#lib/base/json.ts';

/**
 * Names in a spool's folder: `00000001.sqlite` (a segment, with `-wal` and `-shm` beside it), `00000001.sqlite.tmp` (one being
 * made), `00000001.sqlite.corrupt` (one set aside), `trimmed.json` (what the recorder has deleted), `writer.lock`.
 */
const SEGMENT_NAME = /^(\d{8})\.sqlite$/;
const NUMBERED_NAME = /^(\d{8})\.sqlite/;
const SIDE_FILES = ['', '-wal', '-shm'] as const;

/** Which segments are gone because they were recorded: all below `before`; `epoch` is that of `before - 1`. */
export interface Trimmed {
  readonly before: number;
  readonly epoch: string;
}

/** The file of segment `number`. */
export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, '0')}.sqlite`);
}

/** The numbers of the segments that exist, in order; empty where the folder does not. */
export function listSegments(folder: string): number[] {
  const trimmed = readTrimmed(folder)?.before ?? 0;
  const numbers = namesIn(folder).map((name) => Number(SEGMENT_NAME.exec(name)?.[1] ?? Number.NaN));
  return numbers.filter((number) => number >= trimmed).sort((a, b) => a - b);
}

/** The number for the next segment: beyond everything that is, was trimmed or was set aside here. */
export function nextSegmentNumber(folder: string): number {
  const used = namesIn(folder).map((name) => Number(NUMBERED_NAME.exec(name)?.[1] ?? 0));
  return Math.max(0, (readTrimmed(folder)?.before ?? 1) - 1, ...used) + 1;
}

/** Bytes of all files in the folder. Files that vanish while counting (the recorder trims) count nothing. */
export function folderBytes(folder: string): number {
  return namesIn(folder).reduce((sum, name) => sum + fileBytes(join(folder, name)), 0);
}

/** Deletes a segment with its side files. */
export function deleteSegment(folder: string, number: number): void {
  for (const suffix of SIDE_FILES) rmSync(segmentPath(folder, number) + suffix, { force: true });
}

/** Renames an unreadable segment so that nobody opens it again and a person can look at it; returns its new path. */
export function setSegmentAside(folder: string, number: number): string {
  const path = segmentPath(folder, number);
  renameSync(path, `${path}.corrupt`);
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  return `${path}.corrupt`;
}

/** Deletes what a writer left half made. */
export function deleteUnfinished(folder: string): void {
  for (const name of namesIn(folder)) if (name.includes('.sqlite.tmp')) rmSync(join(folder, name), { force: true });
}

/** What was trimmed, or null where nothing was (or the note is gone with the folder). */
export function readTrimmed(folder: string): Trimmed | null {
  const note = parseNote(join(folder, 'trimmed.json'));
  const before = numberAt(note, 'before');
  const epoch = stringAt(note, 'epoch');
  return before === undefined || epoch === undefined ? null : { before, epoch };
}

/** Notes what is about to be deleted, in one step: a crash leaves the old note or the new one. */
export function writeTrimmed(folder: string, trimmed: Trimmed): void {
  const path = join(folder, 'trimmed.json');
  writeFileSync(`${path}.tmp`, JSON.stringify(trimmed));
  renameSync(`${path}.tmp`, path);
}

/** Makes the folder, readable by its owner alone: it holds conversations. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function parseNote(path: string): unknown {
  try {
    const note: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isJsonObject(note) ? note : null;
  } catch {
    return null;
  }
}
