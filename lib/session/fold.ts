import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import { objectAt } from '#lib/base/json.ts';
import type { CaptureEnd, CaptureMeta } from '#lib/protocol/capture.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import { decodeBody } from '#lib/protocol/decode.ts';
import type { Dialect } from '#lib/protocol/dialect.ts';
import { sniffDialect } from '#lib/protocol/sniff-dialect.ts';
import { isFailureType } from './failure-type.ts';
import { configClientHandlers, configServerHandlers } from './fold-config.ts';
import type { FoldEvent, Handler } from './fold-event.ts';
import { itemServerHandlers } from './fold-items.ts';
import { responseServerHandlers } from './fold-responses.ts';
import { toolCallClientHandlers, toolCallServerHandlers } from './fold-tool-calls.ts';
import { transcriptServerHandlers } from './fold-transcripts.ts';
import { turnClientHandlers, turnServerHandlers } from './fold-turns.ts';
import { usageServerHandlers } from './fold-usage.ts';
import { joinHandlers } from './handler-table.ts';
import { emptyState } from './open-state.ts';
import type { SessionState } from './state.ts';
import type { SessionStatus, Severity } from './view.ts';
import { wireSentence } from './wire-text.ts';

/**
 * Events → what a person wants to see of a session. The state is mutated in place by its one owner; there is no I/O, no clock and no
 * randomness, so recorder, server, browser and tests get the same rows from the same events. Order is `seq`, never time.
 */

export type { FoldEvent } from './fold-event.ts';
export { restoreState, serialiseState } from './serialise.ts';
export type { SessionState } from './state.ts';
export { takeChanges } from './views.ts';

/** Raised with every change of what is folded or how the state is shaped; a checkpoint of another version is folded anew. */
export const FOLD_VERSION: number = 6;

// Subjects in the order in which they need each other: items before the responses that hold them, responses before turns.
const SERVER = joinHandlers([
  configServerHandlers,
  itemServerHandlers,
  transcriptServerHandlers,
  responseServerHandlers,
  toolCallServerHandlers,
  turnServerHandlers,
  usageServerHandlers,
]);
const CLIENT = joinHandlers([configClientHandlers, toolCallClientHandlers, turnClientHandlers]);

/** The state before the first message. */
export function openSession(input: { id: SessionId; at: WallMicros | null; capture: CaptureMeta }): SessionState {
  return emptyState(input.id, input.at, input.capture);
}

/** The dialect with which to decode the next message. */
export function currentDialect(state: SessionState): Dialect {
  return state.dialect.dialect;
}

/** Folds one message. Anything may come: what makes no sense changes the counts and nothing else. */
export function foldEvent(state: SessionState, event: FoldEvent): void {
  countEvent(state, event);
  const { decoded } = event;
  if (!decoded.ok) {
    state.counts.unreadable += 1;
    return;
  }
  if (decoded.entry === null) state.counts.unknownTypes += 1;
  state.dialect = sniffDialect(state.dialect, decoded);
  if (isFailureType(decoded.canonicalType) && event.direction !== 'client_to_server') state.counts.errors += 1;
  dispatch(state, event, unwrapEvent(decoded));
}

function countEvent(state: SessionState, event: FoldEvent): void {
  const { row, counts } = state;
  if (event.seq > row.lastSeq) row.lastSeq = event.seq;
  if (event.at !== null) {
    row.startedAt ??= event.at;
    row.lastEventAt = event.at;
  }
  counts.events += 1;
  counts.bytes += event.byteLength;
  counts.audioBytes += event.audioBytes;
  if (event.direction === 'client_to_server') counts.clientEvents += 1;
  else if (event.direction === 'server_to_client') counts.serverEvents += 1;
}

/** A source that does not say who spoke is read by the names, which the two parties do not share. */
function dispatch(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  const handlers = handlersOf(event, decoded.canonicalType);
  if (handlers !== undefined) for (const handler of handlers) handler(state, event, decoded);
}

function handlersOf(event: FoldEvent, type: string): readonly Handler[] | undefined {
  if (event.direction === 'server_to_client') return SERVER.get(type);
  return event.direction === 'client_to_server' ? CLIENT.get(type) : (SERVER.get(type) ?? CLIENT.get(type));
}

/** Messages `fromSeq`…`toSeq` were relayed but not recorded. */
export function foldLoss(state: SessionState, loss: { fromSeq: number; toSeq: number; at: WallMicros | null }): void {
  state.counts.lost += Math.max(0, loss.toSeq - loss.fromSeq + 1);
  state.row.lastSeq = Math.max(state.row.lastSeq, loss.toSeq);
}

/** Nothing beyond what was recorded happened up to `at`. */
export function foldWatermark(state: SessionState, at: WallMicros): void {
  if (state.watermarkAt === null || at > state.watermarkAt) state.watermarkAt = at;
}

/** The rules found something new in this session. */
export function foldAnomaly({ row }: SessionState, severity: Severity): void {
  row.anomalies = { ...row.anomalies, [severity]: row.anomalies[severity] + 1 };
}

/** The Responses event that a message of the Live API wraps, its delegation named as a Responses socket names its lanes; any other event as it is. */
export function unwrapEvent(decoded: DecodedEvent): DecodedEvent {
  if (decoded.canonicalType !== 'response.event') return decoded;
  const inner = objectAt(decoded.body, 'event');
  const lane = decoded.body['delegation_id'] ?? null;
  const unwrapped = inner === undefined ? undefined : decodeBody({ stream_id: lane, ...inner }, 'responses');
  return unwrapped?.ok === true && unwrapped.canonicalType !== 'response.event' ? unwrapped : decoded;
}

/** The capture has ended. Responses that never closed stay in_progress: that is what happened. */
export function closeSession(
  state: SessionState,
  end: { at: WallMicros | null; status: Exclude<SessionStatus, 'open'>; end: CaptureEnd | null },
): void {
  const { row } = state;
  row.status = end.status;
  row.endedAt = end.at;
  row.endedBy = end.end?.by ?? null;
  row.closeCode = end.end?.code ?? null;
  row.closeReason = wireSentence(end.end?.reason);
  row.httpStatus = end.end?.httpStatus ?? null;
  row.endDetail = wireSentence(end.end?.detail);
}
