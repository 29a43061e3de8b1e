import type { SessionId } from '#lib/base/brand.ts';
import type { FoundAnomaly } from '#lib/rules/detector.ts';
import type { ItemView, ResponseView, ToolCallView, TurnView } from '#lib/session/view.ts';
import type { CheckpointWrite } from './checkpoints.ts';
import type { RecordingLossWrite } from './recording-loss.ts';
import type { CursorMove } from './spool-cursor.ts';
import type { EventWrite } from './write-events.ts';
import type { OfSession } from './write-responses.ts';
import type { SessionWrite } from './write-sessions.ts';

/** Everything that one transaction of the recorder writes. A key appears at most once per list. */
export interface BatchWrites {
  readonly cursor: CursorMove;
  readonly events: readonly EventWrite[];
  readonly sessions: readonly SessionWrite[];
  readonly responses: readonly OfSession<ResponseView>[];
  readonly items: readonly OfSession<ItemView>[];
  readonly toolCalls: readonly OfSession<ToolCallView>[];
  readonly turns: readonly OfSession<TurnView>[];
  readonly anomalies: readonly OfSession<FoundAnomaly>[];
  readonly checkpoints: readonly CheckpointWrite[];
  /** Sessions that ended: their checkpoints go. */
  readonly ended: readonly SessionId[];
  readonly losses: readonly RecordingLossWrite[];
}
