import { takeChanges } from '#lib/session/fold.ts';
import type { SessionView } from '#lib/session/view.ts';
import type { BatchWrites } from '#lib/store/batch-writes.ts';
import type { CheckpointWrite } from '#lib/store/checkpoints.ts';
import type { CursorMove } from '#lib/store/spool-cursor.ts';
import type { OpenSession } from './open-session.ts';
import { isCheckpointDue, makeCheckpoint } from './open-session.ts';
import type { BookChanges } from './session-book.ts';

/** Turns what happened in the book into the writes of one transaction. Reading it marks the changed rows as taken. */
export function planBatch(changes: BookChanges, cursor: CursorMove, nowMs: number): BatchWrites {
  const writes = {
    sessions: [] as BatchWrites['sessions'][number][],
    responses: [] as BatchWrites['responses'][number][],
    items: [] as BatchWrites['items'][number][],
    toolCalls: [] as BatchWrites['toolCalls'][number][],
    turns: [] as BatchWrites['turns'][number][],
    checkpoints: [] as CheckpointWrite[],
  };
  // What time alone made the rules find is in no stored event: the state that knows of it is kept with it.
  const foundIn = new Set(changes.anomalies.map((anomaly) => anomaly.sessionId));
  for (const session of changes.touched) {
    const taken = takeChanges(session.state);
    const ofSession = <View>(view: View) => ({ sessionId: session.id, view });
    writes.sessions.push({ view: taken.session, whole: isWholeDue(session, taken.session) });
    writes.responses.push(...taken.responses.map(ofSession));
    writes.items.push(...taken.items.map(ofSession));
    writes.toolCalls.push(...taken.toolCalls.map(ofSession));
    writes.turns.push(...taken.turns.map(ofSession));
    if (changes.ended.has(session)) continue;
    if (foundIn.has(session.id) || isCheckpointDue(session, nowMs))
      writes.checkpoints.push(makeCheckpoint(session, cursor.spool, nowMs));
  }
  const ended = [...changes.ended].map((session) => session.id);
  const anomalies = changes.anomalies.map((view) => ({ sessionId: view.sessionId, view }));
  return { cursor, events: changes.events, losses: changes.losses, ended, anomalies, ...writes };
}

/** Whether more than the progress of a session changed since its row was last written whole. */
function isWholeDue(session: OpenSession, view: SessionView): boolean {
  const { written } = session;
  if (written?.requestedConfig === view.requestedConfig && written.effectiveConfig === view.effectiveConfig) return false;
  session.written = view;
  return true;
}
