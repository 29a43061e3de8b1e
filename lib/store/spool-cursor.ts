import type { Store } from './connect.ts';
import type { PreparedStatement } from './table-write.ts';

/** A place in a spool, as the database keeps it. The same shape as the spool's own position. */
export interface CursorPosition {
  readonly epoch: string;
  readonly segment: number;
  readonly position: number;
}

/** The committed cursor of a spool, and which run of a recorder moved it there. */
export interface SpoolCursorRow extends CursorPosition {
  readonly owner: string | null;
}

/** One step of a cursor: from where it must stand to where it goes. */
export interface CursorMove {
  readonly spool: string;
  /** Null where the spool has no cursor yet. */
  readonly expected: CursorPosition | null;
  readonly next: CursorPosition;
  /** Names this run of this recorder, so that it knows its own step again after a connection broke during the commit. */
  readonly owner: string;
}

/** SQLSTATE that `deltascope_advance_cursor` raises where the cursor does not stand where it is expected. */
export const CURSOR_MOVED = 'DS001';

/** How far a spool is recorded; null where nothing of it is. */
export async function readSpoolCursor(store: Store, spool: string): Promise<SpoolCursorRow | null> {
  const row = await store.spoolCursor.findUnique({ where: { spool } });
  return row === null ? null : { epoch: row.epoch, segment: row.segment, position: Number(row.position), owner: row.owner };
}

/**
 * The compare-and-set that opens every batch: it fails with `CURSOR_MOVED` where somebody else recorded meanwhile, and it locks the
 * cursor's row until the batch is committed.
 */
export function prepareCursorMove({ spool, expected, next, owner }: CursorMove): PreparedStatement {
  return {
    sql: 'select deltascope_advance_cursor($1, $2::uuid, $3::int, $4::bigint, $5::uuid, $6::int, $7::bigint, $8::uuid)',
    parameters: [
      spool,
      expected?.epoch ?? null,
      expected?.segment ?? null,
      expected?.position ?? null,
      next.epoch,
      next.segment,
      next.position,
      owner,
    ],
  };
}

/** Whether two places are the same. */
export function isSamePosition(a: CursorPosition | null, b: CursorPosition | null): boolean {
  return a?.epoch === b?.epoch && a?.segment === b?.segment && a?.position === b?.position;
}
