const SQLITE_BUSY = 5;

/** Whether SQLite threw because another connection holds the lock; anything else (a folder that is read-only, a broken file) is no lock. */
export function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && 'errcode' in thrown && thrown.errcode === SQLITE_BUSY;
}
