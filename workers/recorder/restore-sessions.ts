import type { SessionId } from '#lib/base/brand.ts';
import type { CaptureMeta, CaptureMode, Transport, UpstreamKind } from '#lib/protocol/capture.ts';
import type { FoundAnomaly } from '#lib/rules/detector.ts';
import { detectEvent, detectLoss } from '#lib/rules/detector.ts';
import { currentDialect, foldEvent, foldLoss } from '#lib/session/fold.ts';
import type { SessionView } from '#lib/session/view.ts';
import { readCheckpoints } from '#lib/store/checkpoints.ts';
import type { Store } from '#lib/store/connect.ts';
import { findSession } from '#lib/store/find-session.ts';
import type { StoredEvent } from '#lib/store/read-event.ts';
import { readStoredEvents } from '#lib/store/read-event.ts';
import { readLosses } from '#lib/store/read-losses.ts';
import type { OpenSession, RestoredSession } from './open-session.ts';
import { beginSession, restoreSession } from './open-session.ts';
import { decodeStored } from './read-message.ts';
import { replaceFindings } from './replace-findings.ts';

/** Events read back at once. */
const PAGE = 200;

/**
 * The sessions of a spool that were open at its cursor, in the state that their committed events give. Where the rules or the fold are
 * others than those of the checkpoint, all stored events are read again, and what was found by the old ones gives way.
 */
export async function restoreOpenSessions(store: Store, spool: string): Promise<readonly RestoredSession[]> {
  const sessions: RestoredSession[] = [];
  for (const checkpoint of await readCheckpoints(store, spool)) {
    const session = restoreSession(checkpoint);
    const isAnew = session.state.row.lastSeq < checkpoint.seq;
    const anomalies = await foldStored(store, session);
    if (isAnew) await replaceFindings(store, session.state, anomalies);
    sessions.push({ session, anomalies: isAnew ? [] : anomalies });
  }
  return sessions;
}

/** A session that the store knows and that is not open any more, folded anew; null where the store does not know it. */
export async function restoreStoredSession(store: Store, id: SessionId): Promise<RestoredSession | null> {
  const view = await findSession(store, id);
  if (view === null) return null;
  const session = beginSession({ id, at: view.startedAt, capture: captureOf(view) });
  return { session, anomalies: await foldStored(store, session) };
}

/** Folds what is stored of a session beyond its state: events and losses, in order of `seq`; returns what the rules find in it. */
async function foldStored(store: Store, session: OpenSession): Promise<readonly FoundAnomaly[]> {
  const found: FoundAnomaly[] = [];
  let after = session.state.row.lastSeq;
  const losses = await lostAfter(store, session.id, after);
  for (;;) {
    const events = await readStoredEvents(store, { sessionId: session.id, after, limit: PAGE });
    for (const event of events) {
      while (losses[0] !== undefined && losses[0].fromSeq < event.row.seq) found.push(...foldRange(session, losses.shift()));
      found.push(...foldStoredEvent(session, event));
      after = event.row.seq;
    }
    if (events.length < PAGE) break;
  }
  for (const loss of losses) found.push(...foldRange(session, loss));
  return found;
}

interface LostRange {
  readonly fromSeq: number;
  readonly toSeq: number;
}

async function lostAfter(store: Store, id: SessionId, after: number): Promise<LostRange[]> {
  const ranges: LostRange[] = [];
  for (const { fromSeq, toSeq } of await readLosses(store, id)) {
    if (fromSeq !== null && toSeq !== null && fromSeq > after) ranges.push({ fromSeq, toSeq });
  }
  return ranges.sort((a, b) => a.fromSeq - b.fromSeq);
}

function foldRange({ state, rules }: OpenSession, range: LostRange | undefined): readonly FoundAnomaly[] {
  if (range === undefined) return [];
  foldLoss(state, { ...range, at: null });
  return detectLoss(rules, state);
}

function foldStoredEvent({ state, rules }: OpenSession, { row, payload }: StoredEvent): readonly FoundAnomaly[] {
  const { seq, at, direction, byteLength, audioBytes, format } = row;
  const decoded = decodeStored(payload, format, currentDialect(state));
  const event = { seq, at, direction, byteLength, audioBytes, decoded };
  foldEvent(state, event);
  return detectEvent(rules, state, event);
}

/** What the session's row remembers of how its capture began. */
function captureOf(view: SessionView): CaptureMeta {
  return {
    mode: view.captureMode as CaptureMode,
    transport: view.transport as Transport,
    upstream: view.upstream,
    upstreamKind: view.upstream === null ? null : kindOf(view.provider),
    path: view.path,
    query: view.query,
    requestHeaders: view.requestHeaders,
    responseHeaders: {},
    subprotocol: null,
    tags: view.tags,
    clock: view.clock,
    source: view.sourceFile === null ? null : { file: view.sourceFile, sha256: view.sourceSha256 ?? '', format: '', index: 0 },
  };
}

const KINDS: readonly UpstreamKind[] = ['openai', 'azure-openai', 'azure-voice-live', 'xai', 'qwen', 'simulator'];

/** The kind of an upstream is not stored; who answered behind it is, and says the same where it matters. */
function kindOf(provider: string): UpstreamKind | null {
  return KINDS.find((kind) => kind === provider) ?? null;
}
