import type { EventRow } from '#lib/session/view.ts';

/** Rows asked for at once. */
export const BLOCK_ROWS = 200;

/**
 * Rows with their notes, for the lines of the list that are in view: read in blocks of the log's order, kept for as long as the page.
 * A block is named by the index of its first row; live rows arrive complete and are held directly. List and drawer share it: whoever
 * asked, both hear of what arrived.
 */
export class RowCache {
  readonly #rows = new Map<number, EventRow>();
  readonly #asked = new Set<number>();
  readonly #listeners = new Set<() => void>();
  /** Raised whenever rows arrived, or a block may be asked for again. */
  version = 0;

  get(seq: number): EventRow | undefined {
    return this.#rows.get(seq);
  }

  /** Takes in rows of a live push, which renders the page by itself. */
  hold(rows: readonly EventRow[]): void {
    for (const row of rows) this.#rows.set(row.seq, row);
  }

  /** Takes in rows that were asked for, and tells everybody who shows rows. */
  put(rows: readonly EventRow[]): void {
    this.hold(rows);
    this.#tell();
  }

  /** Claims a block for reading; false where somebody has. */
  claim(block: number): boolean {
    if (this.#asked.has(block)) return false;
    this.#asked.add(block);
    return true;
  }

  /** Gives a block back after a failed read, so that it is asked for again. */
  release(block: number): void {
    this.#asked.delete(block);
    this.#tell();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}
