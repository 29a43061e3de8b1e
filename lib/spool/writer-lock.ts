import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import { isBusy } from '#lib/base/sqlite-busy.ts';

/**
 * One writer per spool folder: it holds an exclusive SQLite transaction on `writer.lock` for as long as it lives. The system drops
 * the lock with the process, however that dies, so nobody has to trust process ids.
 */
export interface WriterLock {
  /** Whether the lock's file is still where a reader would look for it. */
  isInPlace(): boolean;
  release(): void;
}

const LOCK_FILE = 'writer.lock';
/** Long enough for a reader's test of the lock to pass by, short enough to tell a person at once. */
const WAIT_MS = 500;

/** @throws DeltascopeError DS_SPOOL_LOCKED where another writer lives. */
export function takeWriterLock(folder: string): WriterLock {
  const path = join(folder, LOCK_FILE);
  const database = new DatabaseSync(path, { timeout: WAIT_MS });
  try {
    database.exec('begin exclusive');
  } catch (thrown) {
    database.close();
    if (!isBusy(thrown)) throw thrown;
    throw new DeltascopeError('DS_SPOOL_LOCKED', `Another process writes into ${folder}.`, { cause: coerceError(thrown) });
  }
  const inode = statSync(path).ino;
  return {
    isInPlace: () => statSync(path, { throwIfNoEntry: false })?.ino === inode,
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

/** Whether a writer lives, by trying to read what it would hold. */
export function isLockHeld(folder: string): boolean {
  const path = join(folder, LOCK_FILE);
  if (!existsSync(path)) return false;
  const database = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    database.prepare('select count(*) from sqlite_schema').get();
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
}
