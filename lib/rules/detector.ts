import type { SessionMicros, WallMicros } from '#lib/base/brand.ts';
import { keptId, keptIdOrNull } from '#lib/base/kept-id.ts';
import type { CaptureMode, Transport } from '#lib/protocol/capture.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { FoldEvent, SessionState } from '#lib/session/fold.ts';
import { foldAnomaly, unwrapEvent } from '#lib/session/fold.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import type { Anomaly, RulesState } from './engine.ts';
import { endRules, passTime, skipRules, stepRules } from './engine.ts';
import type { SessionFacts } from './rule.ts';

/**
 * The rules beside the fold: the same records, after the fold has taken them. Recorder, `redetect` and tests all come this way, so
 * that they find the same. What is found is counted in the session's row.
 */

/** An anomaly as it is stored, before anybody looked at it. */
export type FoundAnomaly = Omit<AnomalyView, 'state' | 'mutedUntil' | 'stateChangedAt' | 'foundAt'>;

/** Feeds an event that was folded just now. */
export function detectEvent(rules: RulesState, state: SessionState, { seq, at, direction, decoded }: FoldEvent): FoundAnomaly[] {
  if (!decoded.ok) return NOTHING;
  const event = withKeptIds(unwrapEvent(decoded));
  return take(state, stepRules(rules, { kind: 'event', seq, at: sessionTime(state, at), direction, event }, factsOf(state)));
}

/** Tells of messages that were not recorded, after `foldLoss`. */
export function detectLoss(rules: RulesState, state: SessionState): FoundAnomaly[] {
  return take(state, skipRules(rules, state.row.lastSeq, factsOf(state)));
}

/** Tells that nothing more happened up to `at`, after `foldWatermark`. */
export function detectWatermark(rules: RulesState, state: SessionState, at: WallMicros): FoundAnomaly[] {
  const now = sessionTime(state, at);
  return now === null ? NOTHING : take(state, passTime(rules, now, factsOf(state)));
}

/** Tells that the session is over, after `closeSession`. */
export function detectEnd(rules: RulesState, state: SessionState): FoundAnomaly[] {
  return take(state, endRules(rules, sessionTime(state, state.row.endedAt ?? state.row.lastEventAt), factsOf(state)));
}

const NOTHING: FoundAnomaly[] = [];

function take(state: SessionState, anomalies: readonly Anomaly[]): FoundAnomaly[] {
  if (anomalies.length === 0) return NOTHING;
  for (const { severity } of anomalies) foldAnomaly(state, severity);
  return anomalies.map((anomaly) => ({
    ...anomaly,
    sessionId: state.row.id,
    fingerprint: fingerprintOf(state, anomaly),
    at: wallTime(state, anomaly.at),
  }));
}

/** `missing-delta/expected azure-openai 2025-04-01-preview gpt-4o-realtime`: what is found alike belongs together. */
function fingerprintOf({ row, dialect }: SessionState, { ruleId, variant }: Anomaly): string {
  const what = variant === 'default' ? ruleId : `${ruleId}/${variant}`;
  return keptId([what, dialect.provider, row.apiVersion ?? '-', row.model ?? '-'].join(' '));
}

/** A connection to a call that runs elsewhere (`?call_id=`) stands beside that call's audio, also where it is the application's own. */
function factsOf({ dialect, row }: SessionState): SessionFacts {
  const { provider, dialect: spoken } = dialect;
  const mode = row.providerCallId === null ? (row.captureMode as CaptureMode) : 'sideband';
  return { provider, dialect: spoken, transport: row.transport as Transport, mode };
}

function sessionTime({ row }: SessionState, at: WallMicros | null): SessionMicros | null {
  return at === null || row.startedAt === null ? null : (Math.max(0, at - row.startedAt) as SessionMicros);
}

function wallTime({ row }: SessionState, at: SessionMicros | null): WallMicros | null {
  return at === null || row.startedAt === null ? null : ((row.startedAt + at) as WallMicros);
}

/** Ids of hostile length would swell the states of the rules; all that is kept of an id elsewhere is kept so. */
function withKeptIds(event: DecodedEvent): DecodedEvent {
  const { keys } = event;
  const eventId = keptIdOrNull(keys.eventId);
  const responseId = keptIdOrNull(keys.responseId);
  const itemId = keptIdOrNull(keys.itemId);
  const callId = keptIdOrNull(keys.callId);
  const isSame = eventId === keys.eventId && responseId === keys.responseId && itemId === keys.itemId && callId === keys.callId;
  return isSame ? event : { ...event, keys: { ...keys, eventId, responseId, itemId, callId } };
}
