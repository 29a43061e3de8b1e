import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionId } from '#lib/base/brand.ts';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { Env } from '#lib/config/env.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { findSessionsBySource } from '#lib/store/find-sessions-by-source.ts';
import { spoolFolder } from '#workers/shared/data-folder.ts';
import { drainSpool } from './drain-spool.ts';
import type { ProgressBar } from './progress-bar.ts';
import { makeProgressBar } from './progress-bar.ts';
import { readEntries } from './read-entries.ts';
import type { Database } from './with-database.ts';
import { withDatabase } from './with-database.ts';
import type { WrittenImport } from './write-import.ts';
import { hashFile, writeImport } from './write-import.ts';

/**
 * `deltascope import FILE…`: files → a spool of their own → the recorder → the store.
 *
 * writing `import-<id>.partial` ──all files read──▶ `import-<id>` ──recorder──▶ stored, folder deleted
 *
 * A folder without `.partial` is complete: where the recorder was cut short, the next import stores the rest first, exactly once.
 * A `.partial` folder whose writer is gone is deleted; nothing of it was stored.
 */

export interface ImportOptions {
  readonly files: readonly string[];
  /** Import files that were imported before once more. */
  readonly again: boolean;
}

interface ImportedFile extends WrittenImport {
  readonly file: string;
}

/** Reported lines of one file; further ones are counted. */
const MAX_REPORTED_LINES = 5;

const PARTIAL = '.partial';

/** Runs the command; returns the exit code: 0, or 1 where a file could not be imported. */
export async function runImport(env: Env, options: ImportOptions): Promise<number> {
  return withDatabase(env, async (database) => {
    const bar = makeProgressBar(process.stderr);
    await finishEarlierImports(env, database, bar);
    const name = `import-${randomUUID()}`;
    const folder = spoolFolder(env, name);
    const { written, failures } = await writeFiles({ env, database, options, folder: folder + PARTIAL, bar });
    if (written.length > 0) {
      renameSync(folder + PARTIAL, folder);
      await storeFolder(folder, name, database, bar, written);
    } else {
      rmSync(folder + PARTIAL, { recursive: true, force: true });
    }
    bar.clear();
    for (const file of written) report(env, file);
    return failures === 0 ? 0 : 1;
  });
}

interface WriteFilesInput {
  readonly env: Env;
  readonly database: Database;
  readonly options: ImportOptions;
  readonly folder: string;
  readonly bar: ProgressBar;
}

async function writeFiles({ env, database, options, folder, bar }: WriteFilesInput) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pid'), String(process.pid));
  const writer = openSpoolWriter({
    folder,
    segmentBytes: env.DELTASCOPE_SPOOL_SEGMENT_BYTES,
    maxBytes: Number.MAX_SAFE_INTEGER,
    onTrouble: 'throw',
  });
  const written: ImportedFile[] = [];
  let failures = 0;
  const seen = new Set<string>();
  for (const [index, file] of options.files.entries()) {
    try {
      const size = sizeOf(file);
      const sha256 = await hashFile(file);
      const before = options.again ? [] : await findSessionsBySource(database.store, sha256);
      if (before.length > 0 || (seen.has(sha256) && !options.again)) {
        bar.clear();
        say(`= ${file}: imported before, nothing added${linkTo(env, before[0])}. Use --again to import it once more.`);
        continue;
      }
      seen.add(sha256);
      const label = `reading ${index + 1}/${options.files.length} ${file}`;
      const result = await writeImport(writer, readEntries(file, sha256), (offset) => bar.update(label, offset, size));
      written.push({ file, ...result });
    } catch (thrown) {
      failures += 1;
      bar.clear();
      say(`✗ ${file}: ${sentenceOf(coerceError(thrown))}`);
    }
  }
  writer.close();
  return { written, failures };
}

async function storeFolder(folder: string, name: string, { url }: Database, bar: ProgressBar, written: readonly ImportedFile[]) {
  const total = written.reduce((sum, file) => sum + file.messages, 0);
  await drainSpool({ folder, name, databaseUrl: url, onProgress: (stored) => bar.update('storing', stored, total) });
  rmSync(folder, { recursive: true, force: true });
}

/** Stores what complete folders of cut-short imports still hold, and clears away incomplete ones. */
async function finishEarlierImports(env: Env, database: Database, bar: ProgressBar): Promise<void> {
  const spools = spoolFolder(env, '');
  const names = existsSync(spools) ? readdirSync(spools).filter((name) => name.startsWith('import-')) : [];
  for (const name of names) {
    const folder = join(spools, name);
    if (isOwnerAlive(folder)) continue;
    if (!name.endsWith(PARTIAL)) {
      say(`Going on with an import that was cut short (${name}).`);
      await storeFolder(folder, name, database, bar, []);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function isOwnerAlive(folder: string): boolean {
  try {
    return process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
  } catch {
    return false;
  }
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new DeltascopeError('DS_IMPORT_FILE_UNREADABLE', 'There is no such file.');
  if (!stat.isFile()) throw new DeltascopeError('DS_IMPORT_FILE_UNREADABLE', 'It is not a file.');
  if (stat.size === 0) throw new DeltascopeError('DS_IMPORT_FILE_UNREADABLE', 'The file is empty.');
  return stat.size;
}

function report(env: Env, { file, messages, sessionIds, unreadable }: ImportedFile): void {
  say(`✓ ${file}: ${messages} ${messages === 1 ? 'event' : 'events'}${linkTo(env, sessionIds[0])}`);
  for (const line of unreadable.slice(0, MAX_REPORTED_LINES)) {
    say(`  line ${line.place}: ${line.detail} Kept as an unreadable message (DS_IMPORT_LINE_UNREADABLE).`);
  }
  if (unreadable.length > MAX_REPORTED_LINES) say(`  … and ${unreadable.length - MAX_REPORTED_LINES} more such lines.`);
}

function linkTo(env: Env, id: SessionId | undefined): string {
  return id === undefined ? '' : ` → http://${env.DELTASCOPE_HOST}:${env.DELTASCOPE_PORT}/sessions/${id}`;
}

function sentenceOf(error: Error): string {
  return error instanceof DeltascopeError ? error.toSentence() : error.message;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
