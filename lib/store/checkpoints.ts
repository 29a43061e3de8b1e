import type { SessionId } from '#lib/base/brand.ts';
import type { Store } from './connect.ts';
import { cleanInt } from './sanitise.ts';
import type { PreparedStatement } from './table-write.ts';
import { prepareRows, upsertRows } from './table-write.ts';

/** The folded state of an open session, as of `seq`. */
export interface CheckpointWrite {
  readonly sessionId: SessionId;
  readonly spool: string;
  readonly version: number;
  readonly seq: number;
  /** JSON text, kept byte for byte: the store never looks inside. */
  readonly state: string;
}

const UPSERT = upsertRows<CheckpointWrite>(
  'session_checkpoint',
  ['session_id'],
  [
    { name: 'session_id', type: 'uuid', read: (row) => row.sessionId },
    { name: 'spool', type: 'text', read: (row) => row.spool },
    { name: 'version', type: 'int4', read: (row) => cleanInt(row.version) },
    { name: 'seq', type: 'int4', read: (row) => cleanInt(row.seq) },
    { name: 'state', type: 'bytea', read: (row) => row.state },
  ],
);

/** The statements that keep checkpoints of sessions that go on and delete those of sessions that ended. */
export function prepareCheckpoints(kept: readonly CheckpointWrite[], ended: readonly SessionId[]): readonly PreparedStatement[] {
  const deletion = { sql: 'delete from session_checkpoint where session_id = any($1::uuid[])', parameters: [ended] };
  return [...prepareRows(UPSERT, kept), ...(ended.length === 0 ? [] : [deletion])];
}

/** The checkpoints of a spool: one for each session that was open at its cursor. */
export async function readCheckpoints(store: Store, spool: string): Promise<readonly CheckpointWrite[]> {
  const rows = await store.sessionCheckpoint.findMany({ where: { spool }, orderBy: { sessionId: 'asc' } });
  return rows.map((row) => ({
    sessionId: row.sessionId as SessionId,
    spool: row.spool,
    version: row.version,
    seq: row.seq,
    state: Buffer.from(row.state).toString('utf8'),
  }));
}
