import type { SessionId } from '#lib/base/brand.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import type { ItemView, ResponseView, ToolCallView } from '#lib/session/view.ts';
import type { BatchWrites } from './batch-writes.ts';
import { cleanInt, cleanKey, cleanText } from './sanitise.ts';
import type { Column, PreparedStatement, TableWrite } from './table-write.ts';
import { insertRows, prepareRows, unnestColumns } from './table-write.ts';
import type { EventWrite } from './write-events.ts';

/**
 * What search finds sessions by, made of the rows that a batch writes anyway: final texts, and facts (`reason:turn_detected`). Both are
 * written when they first stand and not again, so that a transcript that grows by deltas costs nothing here: one that never becomes final
 * is written when its session ends.
 */

/** Where a searched text comes from; part of its key, so that equal ids of different things do not meet. */
export type TextSource = 'text' | 'transcription_error' | 'item_error' | 'arguments' | 'output' | 'response_error' | 'error';

interface TextRow {
  readonly sessionId: SessionId;
  readonly source: TextSource;
  readonly id: string;
  readonly seq: number;
  readonly content: string;
}

interface FacetRow {
  readonly sessionId: SessionId;
  readonly facet: string;
}

type Facts = Pick<BatchWrites, 'sessions' | 'events' | 'responses' | 'items' | 'toolCalls' | 'anomalies' | 'ended'>;

/** Characters of a text that are searched. PostgreSQL indexes no more than 1 MB at once. */
const SEARCHED_CHARACTERS = 60_000;

/** How a response can end. It is never taken back, so it can be a fact. */
const ENDS = new Set(['completed', 'cancelled', 'failed', 'incomplete']);

const TEXT_COLUMNS: readonly Column<TextRow>[] = [
  { name: 'session_id', type: 'uuid', read: (row) => row.sessionId },
  { name: 'source', type: 'text', read: (row) => row.source },
  { name: 'id', type: 'text', read: (row) => row.id },
  { name: 'seq', type: 'int4', read: (row) => cleanInt(row.seq) },
  { name: 'content', type: 'text', read: (row) => row.content },
];

const INSERT_TEXTS: TableWrite<TextRow> = {
  columns: TEXT_COLUMNS,
  sql: `insert into search_text (session_id, source, id, seq, content, words)
    select u.session_id, u.source, u.id, u.seq, u.content, deltascope_words(u.content) from ${unnestColumns(TEXT_COLUMNS)}
    on conflict (session_id, source, id) do update set content = excluded.content, words = excluded.words, seq = excluded.seq
    where search_text.content is distinct from excluded.content`,
};

interface EndedSession {
  readonly sessionId: SessionId;
  /** Items that the same batch writes, as a JSON array: what the database has of them is old. */
  readonly written: string;
}

const ENDED_COLUMNS: readonly Column<EndedSession>[] = [
  { name: 'session_id', type: 'uuid', read: (row) => row.sessionId },
  { name: 'written', type: 'text', read: (row) => row.written },
];

/** What was still growing when its session ended: it will not any more. */
const INSERT_UNFINISHED: TableWrite<EndedSession> = {
  columns: ENDED_COLUMNS,
  sql: `insert into search_text (session_id, source, id, seq, content, words)
    select i.session_id, 'text', i.id, i.first_seq, t.content, deltascope_words(t.content) from ${unnestColumns(ENDED_COLUMNS)}
    join item i on i.session_id = u.session_id and i.text <> '' and not u.written::jsonb ? i.id
      and not exists (select from search_text s where s.session_id = i.session_id and s.source = 'text' and s.id = i.id)
    cross join lateral (select normalize(left(i.text, ${SEARCHED_CHARACTERS})) as content) t
    on conflict do nothing`,
};

const INSERT_FACETS = insertRows<FacetRow>(
  'session_facet',
  [
    { name: 'session_id', type: 'uuid', read: (row) => row.sessionId },
    { name: 'facet', type: 'text', read: (row) => row.facet },
  ],
  'on conflict do nothing',
);

/** The statements that make a batch's rows findable. */
export function prepareSearch(writes: Facts): readonly PreparedStatement[] {
  const errors = writes.events.filter(({ row }) => row.canonicalType === 'error').map(readWireError);
  return [
    ...prepareRows(INSERT_TEXTS, textsOf(writes, errors)),
    ...prepareRows(INSERT_UNFINISHED, endedOf(writes)),
    ...prepareRows(INSERT_FACETS, facetsOf(writes, errors)),
  ];
}

function endedOf({ ended, items }: Facts): readonly EndedSession[] {
  return ended.map((sessionId) => {
    const written = items.filter((item) => item.sessionId === sessionId).map(({ view }) => cleanKey(view.id));
    return { sessionId, written: JSON.stringify(written) };
  });
}

/** The statements that make a session findable by the rules of its anomalies as they are now, after a change of those. */
export function prepareRuleFacets(sessionId: SessionId): readonly PreparedStatement[] {
  return [
    { sql: `delete from session_facet where session_id = $1::uuid and facet like 'rule:%'`, parameters: [sessionId] },
    {
      sql: `insert into session_facet select distinct session_id, 'rule:' || rule_id from anomaly where session_id = $1::uuid`,
      parameters: [sessionId],
    },
  ];
}

/** One row per key: ids that differ only by what a column cannot hold would meet in one statement. */
function textsOf(writes: Facts, errors: readonly WireError[]): readonly TextRow[] {
  const rows = new Map<string, TextRow>();
  const add = (sessionId: SessionId, source: TextSource, key: string, seq: number, text: string | null) => {
    if (text === null || text === '') return;
    const id = cleanKey(key);
    rows.set(`${sessionId} ${source} ${id}`, {
      sessionId,
      source,
      id,
      seq,
      content: cleanText(text, SEARCHED_CHARACTERS).normalize('NFC'),
    });
  };
  const ended = new Set(writes.ended);
  const failed = writes.events.filter(({ row }) => row.canonicalType === 'conversation.item.input_audio_transcription.failed');
  const failedAt = new Map(failed.map(({ sessionId, row }) => [`${sessionId} ${row.itemId}`, row.seq]));
  for (const { sessionId, view } of writes.items) {
    if (isSettled(view) || ended.has(sessionId)) add(sessionId, 'text', view.id, view.firstSeq, view.text);
    const failedSeq = failedAt.get(`${sessionId} ${view.id}`);
    if (view.transcriptionStatus !== 'failed') add(sessionId, 'item_error', view.id, view.firstSeq, view.errorMessage);
    else add(sessionId, 'transcription_error', view.id, failedSeq ?? view.lastSeq, view.errorMessage);
  }
  for (const { sessionId, view } of writes.toolCalls) {
    if (view.status !== 'in_progress')
      add(sessionId, 'arguments', view.callId, view.calledSeq ?? view.firstSeq, view.argumentsText);
    add(sessionId, 'output', view.callId, outputSeqOf(view), view.output);
  }
  for (const { sessionId, view } of writes.responses) {
    add(sessionId, 'response_error', view.id, doneSeqOf(view), view.errorMessage);
  }
  for (const { sessionId, seq, message } of errors) add(sessionId, 'error', String(seq), seq, message);
  return [...rows.values()];
}

function facetsOf(writes: Facts, errors: readonly WireError[]): readonly FacetRow[] {
  const rows = new Map<string, FacetRow>();
  const add = (sessionId: SessionId, field: string, value: string | null) => {
    if (value === null || value === '') return;
    const facet = cleanKey(`${field}:${value}`.normalize());
    rows.set(`${sessionId} ${facet}`, { sessionId, facet });
  };
  for (const { view, whole } of writes.sessions) {
    if (whole) for (const [key, value] of Object.entries(view.tags)) add(view.id, 'tag', `${key}=${value}`);
  }
  for (const { sessionId, view } of writes.responses) {
    add(sessionId, 'reason', view.reason);
    add(sessionId, 'error', view.errorCode);
    if (ENDS.has(view.status)) add(sessionId, 'response', view.status);
  }
  for (const { sessionId, view } of writes.toolCalls) add(sessionId, 'tool', view.name);
  for (const { sessionId, view } of writes.anomalies) add(sessionId, 'rule', view.ruleId);
  for (const { sessionId, code } of errors) add(sessionId, 'error', code);
  return [...rows.values()];
}

/** Whether the text of an item will not grow any more. */
function isSettled({ textFinal, status }: ItemView): boolean {
  return textFinal || status === 'completed' || status === 'incomplete';
}

function outputSeqOf({ outputSeq, lastSeq }: ToolCallView): number {
  return outputSeq ?? lastSeq;
}

function doneSeqOf({ doneSeq, lastSeq }: ResponseView): number {
  return doneSeq ?? lastSeq;
}

/** What an `error` message says. They are few, so reading them a second time is cheaper than carrying them along. */
interface WireError {
  readonly sessionId: SessionId;
  readonly seq: number;
  readonly code: string | null;
  readonly message: string | null;
}

function readWireError({ sessionId, row, raw }: EventWrite): WireError {
  const body = parseJson(raw);
  const error = objectAt(body, 'error') ?? body;
  const code = stringAt(error, 'code') ?? stringAt(error, 'type') ?? null;
  return { sessionId, seq: row.seq, code: code === 'error' ? null : code, message: stringAt(error, 'message') ?? null };
}

function parseJson(raw: Uint8Array | null): unknown {
  if (raw === null) return null;
  try {
    return JSON.parse(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}
