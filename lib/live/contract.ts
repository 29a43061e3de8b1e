import type { SessionId } from '#lib/base/brand.ts';
import type {
  AnomalyView,
  EventRow,
  ItemView,
  ResponseView,
  SessionView,
  Severity,
  ToolCallView,
  TurnView,
} from '#lib/session/view.ts';

/**
 * What dashboard and browser say to each other over Socket.IO. Types and constants only.
 * The browser watches; the dashboard reads committed rows after the browser's cursor and pushes them. Nothing is pushed twice:
 * a reconnecting browser names the last `seq` it holds, and the push goes on from there.
 */

/** Path of the Socket.IO endpoint on the dashboard's own port. */
export const LIVE_PATH = '/live';

/** Most event rows in one push; a long backlog comes in several, each acknowledged before the next. */
export const LIVE_PUSH_ROWS = 2000;

/** New and changed rows of one session. Rows replace those of the same key; events only ever append. */
export interface SessionPush {
  readonly sessionId: SessionId;
  /** Events after the watcher's cursor, in order of `seq`. */
  readonly events: readonly EventRow[];
  readonly session: SessionView;
  readonly responses: readonly ResponseView[];
  readonly items: readonly ItemView[];
  readonly toolCalls: readonly ToolCallView[];
  readonly turns: readonly TurnView[];
  /** Rows of the same session and id replace each other; some come more than once. */
  readonly anomalies: readonly AnomalyView[];
  /** Cursor after this push. */
  readonly lastSeq: number;
  /** True while more committed rows wait behind this push. */
  readonly more: boolean;
}

/** How far the recording is behind the wire, for the notice in the page; null where the recorder does not answer. */
export interface RecordingState {
  readonly behindMs: number | null;
  readonly spoolBytes: number | null;
  readonly spoolMaxBytes: number | null;
  readonly databaseReachable: boolean;
  /** Messages known to be lost in the last 24 h, over all sessions. */
  readonly lostMessages: number;
}

/** An incident that has just opened. */
export interface IncidentNotice {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly ruleName: string;
}

export interface ServerToBrowserEvents {
  /** Sessions that appeared or changed since the last push, newest first, at most 200. */
  'sessions:changed': (sessions: readonly SessionView[]) => void;
  'session:push': (push: SessionPush, acknowledge: () => void) => void;
  'recording:state': (state: RecordingState) => void;
  /** Told to every open page. */
  'incident:opened': (incident: IncidentNotice) => void;
}

export interface BrowserToServerEvents {
  'sessions:watch': () => void;
  'sessions:unwatch': () => void;
  /**
   * Starts (or, after a reconnect, resumes) pushes of one session after `afterSeq`. A page that says which `status` it shows is sent
   * all responses, items, tool calls and turns once more where the session has ended since: its end changes rows without a message.
   */
  'session:watch': (request: { readonly sessionId: SessionId; readonly afterSeq: number; readonly status?: string }) => void;
  'session:unwatch': (request: { readonly sessionId: SessionId }) => void;
}
