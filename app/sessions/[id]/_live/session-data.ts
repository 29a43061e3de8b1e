import type { SessionPush } from '#lib/live/contract.ts';
import type { EventColumns } from '#lib/session/event-columns.ts';
import type { AnomalyView, ItemView, ResponseView, SessionView, ToolCallView, TurnView } from '#lib/session/view.ts';
import { EventLog } from './event-log.ts';
import { mergeAnomalies, mergeRows } from './keyed-rows.ts';
import { RowCache } from './row-cache.ts';

/** All but the events of a session, of one moment. */
export interface SessionSnapshot {
  readonly session: SessionView;
  readonly responses: readonly ResponseView[];
  readonly items: readonly ItemView[];
  readonly toolCalls: readonly ToolCallView[];
  readonly turns: readonly TurnView[];
  /** In the order of what they are about. */
  readonly anomalies: readonly AnomalyView[];
}

/** What the page holds of a session. The log grows in place; a new object of this type says that something changed. */
export interface SessionData extends SessionSnapshot {
  readonly log: EventLog;
  readonly rows: RowCache;
}

/** What the page begins with. */
export function openData(snapshot: SessionSnapshot, columns: EventColumns, notes: ReadonlyMap<number, string>): SessionData {
  const log = new EventLog(snapshot.session);
  log.load(columns, notes);
  return { ...snapshot, log, rows: new RowCache() };
}

/** Takes in a push; events that are held already change nothing. */
export function takePush(held: SessionData, push: SessionPush): SessionData {
  held.log.append(push.events);
  held.rows.hold(push.events);
  return {
    ...held,
    session: push.session,
    responses: mergeRows(held.responses, push.responses),
    items: mergeRows(held.items, push.items),
    toolCalls: mergeRows(held.toolCalls, push.toolCalls),
    turns: mergeRows(held.turns, push.turns),
    anomalies: mergeAnomalies(held.anomalies, push.anomalies),
  };
}
