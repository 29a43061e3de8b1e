import type { SessionId } from '#lib/base/brand.ts';
import type { ResponseView } from '#lib/session/view.ts';
import { cleanJsonOrNull } from './clean-json.ts';
import {
  cleanFloatOrNull,
  cleanInt,
  cleanIntOrNull,
  cleanKey,
  cleanKeyOrNull,
  cleanMicrosOrNull,
  cleanTextOrNull,
} from './sanitise.ts';
import { upsertRows } from './table-write.ts';
import { textArrayLiteral } from './text-array.ts';

/** A row of a session: the session, and what the reducers made. */
export interface OfSession<View> {
  readonly sessionId: SessionId;
  readonly view: View;
}

/** Brings response rows up to date. */
export const UPSERT_RESPONSES = upsertRows<OfSession<ResponseView>>(
  'response',
  ['session_id', 'id'],
  [
    { name: 'session_id', type: 'uuid', read: (row) => row.sessionId },
    { name: 'id', type: 'text', read: ({ view }) => cleanKey(view.id) },
    { name: 'ordinal', type: 'int4', read: ({ view }) => cleanInt(view.ordinal) },
    { name: 'first_seq', type: 'int4', read: ({ view }) => cleanInt(view.firstSeq) },
    { name: 'last_seq', type: 'int4', read: ({ view }) => cleanInt(view.lastSeq) },
    { name: 'status', type: 'text', read: ({ view }) => cleanKey(view.status) },
    { name: 'reason', type: 'text', read: ({ view }) => cleanKeyOrNull(view.reason) },
    { name: 'error_code', type: 'text', read: ({ view }) => cleanKeyOrNull(view.errorCode) },
    { name: 'error_message', type: 'text', read: ({ view }) => cleanTextOrNull(view.errorMessage) },
    { name: 'created_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.createdAt) },
    { name: 'first_output_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.firstOutputAt) },
    { name: 'first_audio_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.firstAudioAt) },
    { name: 'done_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.doneAt) },
    { name: 'done_seq', type: 'int4', read: ({ view }) => cleanIntOrNull(view.doneSeq) },
    { name: 'conversation_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.conversationId) },
    { name: 'modalities', type: 'text', read: ({ view }) => textArrayLiteral(view.modalities), cast: 'text[]' },
    { name: 'item_ids', type: 'text', read: ({ view }) => textArrayLiteral(view.itemIds), cast: 'text[]' },
    { name: 'usage', type: 'text', read: ({ view }) => cleanJsonOrNull(view.usage), cast: 'jsonb' },
    { name: 'cost_usd', type: 'float8', read: ({ view }) => cleanFloatOrNull(view.costUsd) },
    { name: 'audio_deltas', type: 'int4', read: ({ view }) => cleanInt(view.audioDeltas) },
    { name: 'audio_ms', type: 'float8', read: ({ view }) => cleanFloatOrNull(view.audioMs) ?? 0 },
    { name: 'answers_item_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.answersItemId) },
    { name: 'metadata', type: 'text', read: ({ view }) => cleanJsonOrNull(view.metadata), cast: 'jsonb' },
  ],
);
