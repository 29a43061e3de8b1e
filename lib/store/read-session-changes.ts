import type { SessionId } from '#lib/base/brand.ts';
import type { AnomalyView, EventRow, ItemView, ResponseView, SessionView, ToolCallView, TurnView } from '#lib/session/view.ts';
import { ANOMALIES_NOW } from './anomaly-decision.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { ANOMALY_COLUMNS } from './list-anomalies.ts';
import { ITEM_COLUMNS } from './list-items.ts';
import { RESPONSE_COLUMNS } from './list-responses.ts';
import { TOOL_CALL_COLUMNS } from './list-tool-calls.ts';
import { TURN_COLUMNS } from './list-turns.ts';
import { EVENT_COLUMNS } from './read-events.ts';
import { SESSION_COLUMNS } from './session-columns.ts';

export interface ChangesRequest {
  readonly sessionId: SessionId;
  /** Events with a higher `seq` only. */
  readonly afterSeq: number;
  /** Responses, items, tool calls and turns that a later message changed only. */
  readonly entitiesAfterSeq: number;
  /** Most events; the other rows come whole. */
  readonly limit: number;
}

/** What is committed of a session beyond a cursor, all of one moment. */
export interface SessionChanges {
  readonly session: SessionView;
  readonly events: readonly EventRow[];
  readonly responses: readonly ResponseView[];
  readonly items: readonly ItemView[];
  readonly toolCalls: readonly ToolCallView[];
  readonly turns: readonly TurnView[];
  /** Those found since, and those that somebody said something of in the last minute. */
  readonly anomalies: readonly AnomalyView[];
}

/** Reads the changes of a session in one statement, so that rows of two commits never mix; null where there is no such session. */
export async function readSessionChanges(store: Store, request: ChangesRequest): Promise<SessionChanges | null> {
  const { sessionId, afterSeq, entitiesAfterSeq, limit } = request;
  const id = Prisma.sql`${sessionId}::uuid`;
  const changed = (columns: Prisma.Sql, table: string) =>
    rowsOf(Prisma.sql`select ${columns} from ${Prisma.raw(table)}
      where session_id = ${id} and last_seq > ${entitiesAfterSeq} order by ordinal`);
  const found = await store.$queryRaw<{ changes: string }[]>(Prisma.sql`
    select json_build_object(
      'session', (select row_to_json(t) from (select ${SESSION_COLUMNS} from session where id = ${id}) t),
      'events', ${rowsOf(Prisma.sql`select ${EVENT_COLUMNS} from event where session_id = ${id} and seq > ${afterSeq} order by seq limit ${limit}`)},
      'responses', ${changed(RESPONSE_COLUMNS, 'response')},
      'items', ${changed(ITEM_COLUMNS, 'item')},
      'toolCalls', ${changed(TOOL_CALL_COLUMNS, 'tool_call')},
      'turns', ${changed(TURN_COLUMNS, 'turn')},
      'anomalies', ${rowsOf(anomaliesOf(id, entitiesAfterSeq))})::text as changes`);
  const changes = JSON.parse(found[0]?.changes ?? '{}') as { session: SessionView | null } & Omit<SessionChanges, 'session'>;
  return changes.session === null ? null : { ...changes, session: changes.session };
}

/** An anomaly may be found without a further message, by the passing of time: those of the cursor's own place come again. */
function anomaliesOf(id: Prisma.Sql, after: number): Prisma.Sql {
  return Prisma.sql`select ${ANOMALY_COLUMNS} from ${ANOMALIES_NOW} where a.session_id = ${id}
    and (a.last_seq >= ${after} or a.state_changed_at > now() - interval '1 minute') order by a.from_seq, a.id`;
}

function rowsOf(select: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(select coalesce(json_agg(t), '[]') from (${select}) t)`;
}
