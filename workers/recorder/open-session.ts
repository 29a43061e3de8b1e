import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Json } from '#lib/base/json.ts';
import type { CaptureMeta } from '#lib/protocol/capture.ts';
import type { FoundAnomaly } from '#lib/rules/detector.ts';
import type { RulesState } from '#lib/rules/engine.ts';
import { openRules, RULES_SIGNATURE } from '#lib/rules/engine.ts';
import type { SessionState } from '#lib/session/fold.ts';
import { FOLD_VERSION, openSession, restoreState, serialiseState } from '#lib/session/fold.ts';
import type { SessionView } from '#lib/session/view.ts';
import type { CheckpointWrite } from '#lib/store/checkpoints.ts';

/** A session while it is recorded: its folded state, and what of it the store holds already. */
export interface OpenSession {
  readonly id: SessionId;
  readonly at: WallMicros | null;
  readonly capture: CaptureMeta;
  /** Its `row.lastSeq` is the highest `seq` that was read, recorded or known to be lost. */
  readonly state: SessionState;
  /** What the rules know of it. */
  readonly rules: RulesState;
  /** Its row as it was last written whole; null before that. */
  written: SessionView | null;
  checkpoint: CheckpointDue;
}

/** A session as its stored events give it. */
export interface RestoredSession {
  readonly session: OpenSession;
  /** Found in what was read; mostly stored already. */
  readonly anomalies: readonly FoundAnomaly[];
}

/** When the next checkpoint is worth its cost. */
export interface CheckpointDue {
  readonly afterMs: number;
  readonly afterSeq: number;
}

/** What a checkpoint's text holds: how the capture began (to fold anew from), the folded state, and that of the rules. */
interface CheckpointText {
  readonly at: WallMicros | null;
  readonly capture: CaptureMeta;
  readonly state: Json;
  readonly rules: RulesState;
}

const CHECKPOINT_EVERY_MS = 1_000;
const CHECKPOINT_EVERY_EVENTS = 2_000;
/** A state longer than this is written less often, in proportion. */
const CHEAP_STATE_LENGTH = 64 * 1024;

/** A session whose capture begins, or is heard of for the first time. */
export function beginSession(input: { id: SessionId; at: WallMicros | null; capture: CaptureMeta }): OpenSession {
  const due = { afterMs: 0, afterSeq: 0 };
  return { ...input, state: openSession(input), rules: openRules(), written: null, checkpoint: due };
}

/** Whether a checkpoint is due: the first at once, later ones after a second or 2,000 events, seldomer where the state is large. */
export function isCheckpointDue(session: OpenSession, nowMs: number): boolean {
  return nowMs >= session.checkpoint.afterMs || session.state.row.lastSeq >= session.checkpoint.afterSeq;
}

/** The checkpoint of a session as it is now; the next one becomes due from here. */
export function makeCheckpoint(session: OpenSession, spool: string, nowMs: number): CheckpointWrite {
  const { id, at, capture } = session;
  const { lastSeq } = session.state.row;
  const text: CheckpointText = { at, capture, state: serialiseState(session.state), rules: session.rules };
  const state = JSON.stringify(text);
  const cost = Math.max(1, state.length / CHEAP_STATE_LENGTH);
  session.checkpoint = {
    afterMs: nowMs + CHECKPOINT_EVERY_MS * cost,
    afterSeq: lastSeq + CHECKPOINT_EVERY_EVENTS * cost,
  };
  return { sessionId: id, spool, version: FOLD_VERSION, seq: lastSeq, state };
}

/** The session of a checkpoint. One of another version of the fold or of other rules begins anew: all its stored events are to be read again. */
export function restoreSession(checkpoint: CheckpointWrite): OpenSession {
  const text = JSON.parse(checkpoint.state) as CheckpointText;
  const fresh = beginSession({ id: checkpoint.sessionId, at: text.at, capture: text.capture });
  if (checkpoint.version !== FOLD_VERSION || text.rules.signature !== RULES_SIGNATURE) return fresh;
  return { ...fresh, state: restoreState(text.state), rules: text.rules };
}
