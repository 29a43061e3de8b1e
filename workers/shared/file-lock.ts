import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from '#lib/base/sqlite-busy.ts';

/**
 * A lock of this machine that many may share, or one hold alone. The system drops it with its process, however that ends, so nobody has to
 * trust process ids. It is SQLite's lock on a file that stays empty.
 */
export class FileLock {
  readonly #file: string;
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    this.#database = new DatabaseSync(file, { timeout: 0 });
  }

  /** Takes a share in it, or keeps what it has; false while another holds it alone. */
  share(): boolean {
    return this.#take('begin; select count(*) from sqlite_schema');
  }

  /** Takes it alone, or keeps what it has; false while another has any part in it. */
  claim(): boolean {
    return this.#take('begin exclusive');
  }

  release(): void {
    if (this.#database.isTransaction) this.#database.exec('rollback');
  }

  #take(statements: string): boolean {
    if (this.#database.isTransaction) return true;
    try {
      this.#database.exec(statements);
      return true;
    } catch (thrown) {
      this.release();
      if (isBusy(thrown)) return false;
      throw new Error(`Cannot lock ${this.#file}.`, { cause: thrown });
    }
  }
}
