import type { SessionId } from '#lib/base/brand.ts';
import { cleanIntOrNull, cleanText } from './sanitise.ts';
import type { PreparedStatement } from './table-write.ts';
import { insertRows, prepareRows } from './table-write.ts';

/** Why something that was relayed is not in the store. */
export type LossReason =
  | 'spool_full'
  | 'spool_failed'
  | 'buffer_full'
  | 'spool_wiped'
  | 'spool_rolled_back'
  | 'seq_hole'
  | 'quarantined';

/** A loss to show: of some messages of a session, or of a spool. */
export interface RecordingLossWrite {
  readonly spool: string;
  readonly cause: LossReason;
  readonly sessionId: SessionId | null;
  readonly fromSeq: number | null;
  readonly toSeq: number | null;
  /** Messages lost; null where nobody can know. */
  readonly messages: number | null;
  readonly bytes: number | null;
  readonly detail: string;
}

const LONGEST_DETAIL = 2_000;

const INSERT = insertRows<RecordingLossWrite>('recording_loss', [
  { name: 'spool', type: 'text', read: (loss) => loss.spool },
  { name: 'cause', type: 'text', read: (loss) => loss.cause },
  { name: 'session_id', type: 'uuid', read: (loss) => loss.sessionId },
  { name: 'from_seq', type: 'int4', read: (loss) => cleanIntOrNull(loss.fromSeq) },
  { name: 'to_seq', type: 'int4', read: (loss) => cleanIntOrNull(loss.toSeq) },
  { name: 'messages', type: 'int4', read: (loss) => cleanIntOrNull(loss.messages) },
  { name: 'bytes', type: 'int8', read: (loss) => loss.bytes },
  { name: 'detail', type: 'text', read: (loss) => cleanText(loss.detail, LONGEST_DETAIL) },
]);

/** The statement that records these losses. */
export function prepareLosses(losses: readonly RecordingLossWrite[]): readonly PreparedStatement[] {
  return prepareRows(INSERT, losses);
}
