import { selectList } from './read-rows.ts';

/** The select list of a `SessionView`. */
export const SESSION_COLUMNS = selectList(
  `id status last_seq clock ended_by close_code close_reason http_status end_detail capture_mode transport upstream provider dialect
   path query request_headers model api_version deployment region provider_session_id provider_call_id tags source_file source_sha256
   config_status requested_config effective_config counts anomalies usage cost_usd cost_estimated voice_to_voice_p50_ms voice_to_voice_p95_ms`,
  'started_at last_event_at ended_at',
);
