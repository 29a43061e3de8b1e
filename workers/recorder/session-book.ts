import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { CaptureMeta } from '#lib/protocol/capture.ts';
import type { FoundAnomaly } from '#lib/rules/detector.ts';
import { detectEnd, detectEvent, detectLoss, detectWatermark } from '#lib/rules/detector.ts';
import { closeSession, currentDialect, foldEvent, foldLoss, foldWatermark } from '#lib/session/fold.ts';
import type { SessionStatus } from '#lib/session/view.ts';
import type { LossRecord, MessageRecord, SessionCloseRecord, SessionOpenRecord, SpoolRecord } from '#lib/spool/record.ts';
import type { RecordingLossWrite } from '#lib/store/recording-loss.ts';
import type { EventWrite } from '#lib/store/write-events.ts';
import type { OpenSession, RestoredSession } from './open-session.ts';
import { beginSession } from './open-session.ts';
import { readMessage } from './read-message.ts';

/** What records amount to, until it is taken for a batch. */
export interface BookChanges {
  readonly events: EventWrite[];
  readonly losses: RecordingLossWrite[];
  readonly anomalies: FoundAnomaly[];
  /** Sessions whose rows may have changed, in order of first change. */
  readonly touched: Set<OpenSession>;
  /** Those of them that ended. */
  readonly ended: Set<OpenSession>;
}

/** What a capture is that was never announced: the record of its beginning was lost. */
const UNANNOUNCED: CaptureMeta = {
  mode: 'relay',
  transport: 'unknown',
  upstream: null,
  upstreamKind: null,
  path: null,
  query: {},
  requestHeaders: {},
  responseHeaders: {},
  subprotocol: null,
  tags: {},
  clock: 'wall',
  source: null,
};

/**
 * The sessions of one spool that are being recorded, and what the records read since the last `take` did to them.
 * Its one owner feeds records in order. A session is in the book from its first record to its last.
 */
export class SessionBook {
  readonly #spool: string;
  readonly #isDetecting: boolean;
  readonly #open = new Map<SessionId, OpenSession>();
  #changes: BookChanges = emptyChanges();
  /** Messages that were read a second time (a spool that was rolled back) and skipped. */
  duplicates = 0;

  constructor(spool: string, isDetecting: boolean = true) {
    this.#spool = spool;
    this.#isDetecting = isDetecting;
  }

  get size(): number {
    return this.#open.size;
  }

  has(id: SessionId): boolean {
    return this.#open.has(id);
  }

  /** Adds a session that was restored from the store, with what the rules found while it was read. */
  adopt({ session, anomalies }: RestoredSession): void {
    this.#open.set(session.id, session);
    this.#find(session, anomalies);
  }

  /** Takes one record in. The sessions that it speaks of are in the book, or new to the store as well. */
  take(record: SpoolRecord): void {
    switch (record.kind) {
      case 'message':
        this.#message(record);
        break;
      case 'watermark':
        for (const id of record.sessionIds) this.#watermark(id, record.at);
        break;
      case 'session_open':
        this.#begin(record);
        break;
      case 'session_close':
        this.#close(record);
        break;
      case 'loss':
        this.#loss(record);
        break;
      case 'writer_start':
        this.closeAllAsLost();
        break;
    }
  }

  /** Ends every open session at the last moment known of it: its writer is gone. */
  closeAllAsLost(): void {
    for (const session of this.#open.values()) {
      const { watermarkAt, row } = session.state;
      const at = Math.max(watermarkAt ?? 0, row.lastEventAt ?? row.startedAt ?? 0);
      this.#end(session, { at: at === 0 ? null : (at as WallMicros), status: 'lost', end: null });
    }
  }

  /** Adds a loss that concerns the spool as a whole. */
  noteLoss(loss: Omit<RecordingLossWrite, 'spool'>): void {
    this.#changes.losses.push({ ...loss, spool: this.#spool });
  }

  /** Hands out what happened since the last call. */
  takeChanges(): BookChanges {
    const taken = this.#changes;
    this.#changes = emptyChanges();
    return taken;
  }

  #begin({ sessionId, at, capture }: SessionOpenRecord): OpenSession {
    const known = this.#open.get(sessionId);
    const session = known ?? beginSession({ id: sessionId, at, capture });
    this.#open.set(sessionId, session);
    this.#changes.touched.add(session);
    return session;
  }

  #message(record: MessageRecord): void {
    const session = this.#sessionOf(record);
    const { state } = session;
    const expected = state.row.lastSeq + 1;
    if (record.seq < expected) {
      this.duplicates += 1;
      return;
    }
    if (record.seq > expected) this.#hole(session, expected, record);
    const { fold, write } = readMessage(record, currentDialect(state));
    foldEvent(state, fold);
    if (this.#isDetecting) this.#find(session, detectEvent(session.rules, state, fold));
    this.#changes.events.push(write);
    this.#changes.touched.add(session);
  }

  /** Messages that should stand before this one and do not: nobody said why. */
  #hole(session: OpenSession, fromSeq: number, { seq, at }: MessageRecord): void {
    const toSeq = seq - 1;
    foldLoss(session.state, { fromSeq, toSeq, at });
    this.#find(session, detectLoss(session.rules, session.state));
    const messages = toSeq - fromSeq + 1;
    this.noteLoss({
      cause: 'seq_hole',
      sessionId: session.id,
      fromSeq,
      toSeq,
      messages,
      bytes: null,
      detail: `Messages ${fromSeq} to ${toSeq} are missing.`,
    });
  }

  #loss(record: LossRecord): void {
    const session = this.#sessionOf(record);
    const fromSeq = Math.max(record.fromSeq, session.state.row.lastSeq + 1);
    const { toSeq } = record;
    // Already known: the spool was rolled back, or the hole was seen first.
    if (toSeq < fromSeq) return;
    foldLoss(session.state, { fromSeq, toSeq, at: record.at });
    this.#find(session, detectLoss(session.rules, session.state));
    this.#changes.touched.add(session);
    this.noteLoss({
      cause: record.cause,
      sessionId: record.sessionId,
      fromSeq,
      toSeq,
      messages: toSeq - fromSeq + 1,
      bytes: record.bytes,
      detail: `Messages ${fromSeq} to ${toSeq} were relayed but could not be recorded.`,
    });
  }

  #watermark(id: SessionId, at: WallMicros): void {
    const session = this.#open.get(id);
    if (session === undefined) return;
    foldWatermark(session.state, at);
    this.#find(session, detectWatermark(session.rules, session.state, at));
  }

  #close(record: SessionCloseRecord): void {
    const { end, at } = record;
    const status = end.how === 'refused' || end.how === 'failed' ? end.how : 'ended';
    this.#end(this.#sessionOf(record), { at, status, end });
  }

  #end(session: OpenSession, end: EndOfSession): void {
    closeSession(session.state, end);
    this.#find(session, detectEnd(session.rules, session.state));
    this.#open.delete(session.id);
    this.#changes.touched.add(session);
    this.#changes.ended.add(session);
  }

  #find(session: OpenSession, anomalies: readonly FoundAnomaly[]): void {
    if (anomalies.length === 0) return;
    this.#changes.anomalies.push(...anomalies);
    this.#changes.touched.add(session);
  }

  #sessionOf({ sessionId, at }: { readonly sessionId: SessionId; readonly at: WallMicros | null }): OpenSession {
    const known = this.#open.get(sessionId);
    return known ?? this.#begin({ kind: 'session_open', sessionId, at, capture: UNANNOUNCED });
  }
}

type EndOfSession = {
  readonly at: WallMicros | null;
  readonly status: Exclude<SessionStatus, 'open'>;
  readonly end: Parameters<typeof closeSession>[1]['end'];
};

function emptyChanges(): BookChanges {
  return { events: [], losses: [], anomalies: [], touched: new Set(), ended: new Set() };
}
