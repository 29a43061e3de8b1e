import type { SessionView } from '#lib/session/view.ts';
import { cleanJson, cleanJsonOrNull } from './clean-json.ts';
import {
  cleanFloatOrNull,
  cleanInt,
  cleanIntOrNull,
  cleanKey,
  cleanKeyOrNull,
  cleanMicrosOrNull,
  cleanText,
  cleanTextOrNull,
} from './sanitise.ts';
import type { Column, PreparedStatement } from './table-write.ts';
import { prepareRows, updateRows, upsertRows } from './table-write.ts';

/** Longest sentence of how a session ended. */
const LONGEST_DETAIL = 4_000;

const KEY: Column<SessionView> = { name: 'id', type: 'uuid', read: (session) => session.id };

/** What changes with every batch: small, in no index, so that PostgreSQL can update the row in place (HOT). */
const PROGRESS: readonly Column<SessionView>[] = [
  { name: 'status', type: 'text', read: (session) => session.status, cast: '"SessionStatus"' },
  { name: 'started_at', type: 'timestamptz', read: (session) => cleanMicrosOrNull(session.startedAt) },
  { name: 'last_event_at', type: 'timestamptz', read: (session) => cleanMicrosOrNull(session.lastEventAt) },
  { name: 'ended_at', type: 'timestamptz', read: (session) => cleanMicrosOrNull(session.endedAt) },
  { name: 'last_seq', type: 'int4', read: (session) => cleanInt(session.lastSeq) },
  { name: 'ended_by', type: 'text', read: (session) => session.endedBy },
  { name: 'close_code', type: 'int4', read: (session) => cleanIntOrNull(session.closeCode) },
  { name: 'close_reason', type: 'text', read: (session) => cleanTextOrNull(session.closeReason) },
  { name: 'http_status', type: 'int4', read: (session) => cleanIntOrNull(session.httpStatus) },
  {
    name: 'end_detail',
    type: 'text',
    read: (session) => (session.endDetail === null ? null : cleanText(session.endDetail, LONGEST_DETAIL)),
  },
  { name: 'provider', type: 'text', read: (session) => cleanKey(session.provider) },
  { name: 'dialect', type: 'text', read: (session) => cleanKey(session.dialect) },
  { name: 'model', type: 'text', read: (session) => cleanKeyOrNull(session.model) },
  { name: 'api_version', type: 'text', read: (session) => cleanKeyOrNull(session.apiVersion) },
  { name: 'deployment', type: 'text', read: (session) => cleanKeyOrNull(session.deployment) },
  { name: 'region', type: 'text', read: (session) => cleanKeyOrNull(session.region) },
  { name: 'provider_session_id', type: 'text', read: (session) => cleanKeyOrNull(session.providerSessionId) },
  { name: 'provider_call_id', type: 'text', read: (session) => cleanKeyOrNull(session.providerCallId) },
  { name: 'config_status', type: 'text', read: (session) => session.configStatus },
  { name: 'counts', type: 'text', read: (session) => cleanJson(session.counts), cast: 'jsonb' },
  { name: 'anomalies', type: 'text', read: (session) => cleanJson(session.anomalies), cast: 'jsonb' },
  { name: 'usage', type: 'text', read: (session) => cleanJson(session.usage), cast: 'jsonb' },
  { name: 'cost_usd', type: 'float8', read: (session) => cleanFloatOrNull(session.costUsd) },
  { name: 'cost_estimated', type: 'bool', read: (session) => session.costEstimated },
  { name: 'voice_to_voice_p50_ms', type: 'float8', read: (session) => cleanFloatOrNull(session.voiceToVoiceP50Ms) },
  { name: 'voice_to_voice_p95_ms', type: 'float8', read: (session) => cleanFloatOrNull(session.voiceToVoiceP95Ms) },
];

/** What is known at the start, and configurations, which are large and change seldom. */
const IDENTITY: readonly Column<SessionView>[] = [
  { name: 'clock', type: 'text', read: (session) => session.clock },
  { name: 'capture_mode', type: 'text', read: (session) => cleanKey(session.captureMode) },
  { name: 'transport', type: 'text', read: (session) => cleanKey(session.transport) },
  { name: 'upstream', type: 'text', read: (session) => cleanKeyOrNull(session.upstream) },
  { name: 'path', type: 'text', read: (session) => cleanTextOrNull(session.path) },
  { name: 'query', type: 'text', read: (session) => cleanJson(session.query), cast: 'jsonb' },
  { name: 'request_headers', type: 'text', read: (session) => cleanJson(session.requestHeaders), cast: 'jsonb' },
  { name: 'tags', type: 'text', read: (session) => cleanJson(session.tags), cast: 'jsonb' },
  { name: 'source_file', type: 'text', read: (session) => cleanTextOrNull(session.sourceFile) },
  { name: 'source_sha256', type: 'text', read: (session) => cleanKeyOrNull(session.sourceSha256) },
  { name: 'requested_config', type: 'text', read: (session) => cleanJsonOrNull(session.requestedConfig), cast: 'jsonb' },
  { name: 'effective_config', type: 'text', read: (session) => cleanJsonOrNull(session.effectiveConfig), cast: 'jsonb' },
];

const UPSERT = upsertRows('session', ['id'], [KEY, ...PROGRESS, ...IDENTITY]);
const UPDATE = updateRows('session', ['id'], [KEY, ...PROGRESS]);

/** A session row to write; `whole` where more than its progress changed since it was last written. */
export interface SessionWrite {
  readonly view: SessionView;
  readonly whole: boolean;
}

/** The statements that bring session rows up to date. */
export function prepareSessions(sessions: readonly SessionWrite[]): readonly PreparedStatement[] {
  const viewsOf = (whole: boolean) => sessions.filter((session) => session.whole === whole).map((session) => session.view);
  return [...prepareRows(UPSERT, viewsOf(true)), ...prepareRows(UPDATE, viewsOf(false))];
}
