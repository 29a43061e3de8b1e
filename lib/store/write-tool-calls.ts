import type { ToolCallView } from '#lib/session/view.ts';
import { cleanInt, cleanIntOrNull, cleanKey, cleanKeyOrNull, cleanMicrosOrNull, cleanText, cleanTextOrNull } from './sanitise.ts';
import { upsertRows } from './table-write.ts';
import type { OfSession } from './write-responses.ts';

/** Brings tool call rows up to date. */
export const UPSERT_TOOL_CALLS = upsertRows<OfSession<ToolCallView>>(
  'tool_call',
  ['session_id', 'call_id'],
  [
    { name: 'session_id', type: 'uuid', read: (row) => row.sessionId },
    { name: 'call_id', type: 'text', read: ({ view }) => cleanKey(view.callId) },
    { name: 'ordinal', type: 'int4', read: ({ view }) => cleanInt(view.ordinal) },
    { name: 'first_seq', type: 'int4', read: ({ view }) => cleanInt(view.firstSeq) },
    { name: 'last_seq', type: 'int4', read: ({ view }) => cleanInt(view.lastSeq) },
    { name: 'item_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.itemId) },
    { name: 'response_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.responseId) },
    { name: 'kind', type: 'text', read: ({ view }) => view.kind },
    { name: 'name', type: 'text', read: ({ view }) => cleanKeyOrNull(view.name) },
    { name: 'arguments_text', type: 'text', read: ({ view }) => cleanText(view.argumentsText) },
    { name: 'status', type: 'text', read: ({ view }) => view.status },
    { name: 'output', type: 'text', read: ({ view }) => cleanTextOrNull(view.output) },
    { name: 'called_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.calledAt) },
    { name: 'called_seq', type: 'int4', read: ({ view }) => cleanIntOrNull(view.calledSeq) },
    { name: 'output_at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.outputAt) },
    { name: 'output_seq', type: 'int4', read: ({ view }) => cleanIntOrNull(view.outputSeq) },
    { name: 'follow_up_response_id', type: 'text', read: ({ view }) => cleanKeyOrNull(view.followUpResponseId) },
  ],
);
