import type { BatchWrites } from './batch-writes.ts';
import { prepareCheckpoints } from './checkpoints.ts';
import type { Store } from './connect.ts';
import { prepareLosses } from './recording-loss.ts';
import { runStatements } from './run-statements.ts';
import { prepareCursorMove } from './spool-cursor.ts';
import type { PreparedStatement } from './table-write.ts';
import { joinStatements, prepareRows } from './table-write.ts';
import { UPSERT_ANOMALIES } from './write-anomalies.ts';
import { prepareEvents } from './write-events.ts';
import { UPSERT_ITEMS } from './write-items.ts';
import { UPSERT_RESPONSES } from './write-responses.ts';
import { prepareSearch } from './write-search.ts';
import type { SessionWrite } from './write-sessions.ts';
import { prepareSessions } from './write-sessions.ts';
import { UPSERT_TOOL_CALLS } from './write-tool-calls.ts';
import { UPSERT_TURNS } from './write-turns.ts';

/** A batch whose parameters are encoded: computed once, sent as often as needed. */
export interface PreparedBatch {
  readonly writes: BatchWrites;
  readonly statement: PreparedStatement;
}

/** Channel on which every commit is announced. */
export const COMMIT_CHANNEL = 'deltascope_commit';

/** PostgreSQL takes 8,000 bytes; a longer payload would fail the commit. */
const LONGEST_NOTICE = 7_900;

/** Encodes a batch. The cursor moves first: who is fenced out learns it before any row is written. */
export function prepareBatch(writes: BatchWrites): PreparedBatch {
  const parts = [
    ...prepareEvents(writes.events),
    ...prepareSessions(writes.sessions),
    ...prepareRows(UPSERT_RESPONSES, writes.responses),
    ...prepareRows(UPSERT_ITEMS, writes.items),
    ...prepareRows(UPSERT_TOOL_CALLS, writes.toolCalls),
    ...prepareRows(UPSERT_TURNS, writes.turns),
    ...prepareRows(UPSERT_ANOMALIES, writes.anomalies),
    ...prepareSearch(writes),
    ...prepareCheckpoints(writes.checkpoints, writes.ended),
    ...prepareLosses(writes.losses),
  ];
  return { writes, statement: joinStatements(prepareCursorMove(writes.cursor), parts, prepareNotice(writes.sessions)) };
}

/**
 * Commits a batch: events, what was folded from them, and the cursor, in one transaction, or nothing.
 * What it throws is read with `classifyFailure`.
 */
export async function commitBatch(store: Store, batch: PreparedBatch): Promise<void> {
  await runStatements(store, [batch.statement]);
}

/** Tells listeners which sessions changed, and their last `seq`: `[["01990…",17],…]`; `*` where that would be too long. */
function prepareNotice(sessions: readonly SessionWrite[]): PreparedStatement {
  if (sessions.length === 0) return { sql: 'select 1', parameters: [] };
  const notice = JSON.stringify(sessions.map(({ view }) => [view.id, view.lastSeq]));
  const payload = notice.length <= LONGEST_NOTICE ? notice : '*';
  return { sql: `select pg_notify('${COMMIT_CHANNEL}', $1)`, parameters: [payload] };
}
