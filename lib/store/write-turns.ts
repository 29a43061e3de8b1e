import type { TurnView } from '#lib/session/view.ts';
import { cleanFloatOrNull, cleanInt, cleanKeyOrNull, cleanMicrosOrNull } from './sanitise.ts';
import { upsertRows } from './table-write.ts';
import type { OfSession } from './write-responses.ts';

/** Brings turn rows up to date. */
export const UPSERT_TURNS = upsertRows<OfSession<TurnView>>(
  'turn',
  ['session_id', 'ordinal'],
  [
    { name: 'session_id', type: 'uuid', read: (row) => row.sessionId },
    { name: 'ordinal', type: 'int4', read: ({ view }) => cleanInt(view.ordinal) },
    { name: 'first_seq', type: 'int4', read: ({ view }) => cleanInt(view.firstSeq) },
    { name: 'last_seq', type: 'int4', read: ({ view }) => cleanInt(view.lastSeq) },
    { name: 'item_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.itemId) },
    { name: 'kind', type: 'text', read: ({ view }) => view.kind },
    { name: 'speech_started_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.speechStartedAt) },
    { name: 'speech_stopped_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.speechStoppedAt) },
    { name: 'audio_start_ms', type: 'float8', read: ({ view }) => cleanFloatOrNull(view.audioStartMs) },
    { name: 'audio_end_ms', type: 'float8', read: ({ view }) => cleanFloatOrNull(view.audioEndMs) },
    { name: 'committed_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.committedAt) },
    { name: 'response_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.responseId) },
    { name: 'first_audio_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.firstAudioAt) },
    { name: 'voice_to_voice_ms', type: 'float8', read: ({ view }) => cleanFloatOrNull(view.voiceToVoiceMs) },
    { name: 'interrupted_response_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.interruptedResponseId) },
  ],
);
