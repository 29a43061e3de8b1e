import type { ItemView } from '#lib/session/view.ts';
import { cleanFloatOrNull, cleanInt, cleanKey, cleanKeyOrNull, cleanMicrosOrNull, cleanTextOrNull } from './sanitise.ts';
import { upsertRows } from './table-write.ts';
import type { OfSession } from './write-responses.ts';

/** Brings item rows up to date. */
export const UPSERT_ITEMS = upsertRows<OfSession<ItemView>>(
  'item',
  ['session_id', 'id'],
  [
    { name: 'session_id', type: 'uuid', read: (row) => row.sessionId },
    { name: 'id', type: 'text', read: ({ view }) => cleanKey(view.id) },
    { name: 'ordinal', type: 'int4', read: ({ view }) => cleanInt(view.ordinal) },
    { name: 'first_seq', type: 'int4', read: ({ view }) => cleanInt(view.firstSeq) },
    { name: 'last_seq', type: 'int4', read: ({ view }) => cleanInt(view.lastSeq) },
    { name: 'type', type: 'text', read: ({ view }) => cleanKey(view.type) },
    { name: 'role', type: 'text', read: ({ view }) => cleanKeyOrNull(view.role) },
    { name: 'status', type: 'text', read: ({ view }) => cleanKeyOrNull(view.status) },
    { name: 'previous_item_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.previousItemId) },
    { name: 'response_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.responseId) },
    { name: 'call_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.callId) },
    { name: 'name', type: 'text', read: ({ view }) => cleanKeyOrNull(view.name) },
    { name: 'text', type: 'text', read: ({ view }) => cleanTextOrNull(view.text) },
    { name: 'text_final', type: 'bool', read: ({ view }) => view.textFinal },
    { name: 'arguments_text', type: 'text', read: ({ view }) => cleanTextOrNull(view.argumentsText) },
    { name: 'output', type: 'text', read: ({ view }) => cleanTextOrNull(view.output) },
    { name: 'transcription_status', type: 'text', read: ({ view }) => view.transcriptionStatus },
    { name: 'error_message', type: 'text', read: ({ view }) => cleanTextOrNull(view.errorMessage) },
    { name: 'created_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.createdAt) },
    { name: 'done_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.doneAt) },
    { name: 'audio_ms', type: 'float8', read: ({ view }) => cleanFloatOrNull(view.audioMs) ?? 0 },
    { name: 'truncated_at_ms', type: 'float8', read: ({ view }) => cleanFloatOrNull(view.truncatedAtMs) },
    { name: 'deleted', type: 'bool', read: ({ view }) => view.deleted },
  ],
);
