import { coerceError } from '#lib/base/errors.ts';
import type { EventRow } from '#lib/session/view.ts';
import type { BatchWrites } from './batch-writes.ts';
import { prepareCheckpoints } from './checkpoints.ts';
import type { Store } from './connect.ts';
import { joinAudio } from './raw-audio.ts';
import type { RecordingLossWrite } from './recording-loss.ts';
import { runStatements } from './run-statements.ts';
import { classifyFailure, failureSentence, sqlStateOf } from './store-failure.ts';
import type { PreparedStatement } from './table-write.ts';
import { prepareRows } from './table-write.ts';
import { UPSERT_ANOMALIES } from './write-anomalies.ts';
import type { EventWrite } from './write-events.ts';
import { prepareEvents } from './write-events.ts';
import { UPSERT_ITEMS } from './write-items.ts';
import { UPSERT_RESPONSES } from './write-responses.ts';
import { prepareSessions } from './write-sessions.ts';
import { UPSERT_TOOL_CALLS } from './write-tool-calls.ts';
import { UPSERT_TURNS } from './write-turns.ts';

/** A batch that the database will take, and how many of its rows had to be changed or left out for that. */
export interface QuarantinedBatch {
  readonly writes: BatchWrites;
  readonly rows: number;
}

type Prepare<Row> = (rows: readonly Row[]) => readonly PreparedStatement[];

/**
 * Finds the rows of a batch that the database refuses, by halving and trying each half in a transaction that is rolled back.
 * A refused event is kept as bytes with nothing beside it, flagged `quarantined`; where even that is refused, and for rows of
 * folded rows, a recording loss takes its place; a checkpoint can be done without. Everything else of the batch stays as it is.
 */
export async function quarantineRefused(store: Store, writes: BatchWrites): Promise<QuarantinedBatch> {
  const losses: RecordingLossWrite[] = [];
  const { spool } = writes.cursor;
  const events = await acceptableEvents(store, spool, writes.events, losses);
  const keep = async <Row extends { readonly view: object }>(table: string, rows: readonly Row[], prepare: Prepare<Row>) => {
    const refused = await findRefused(store, rows, prepare);
    for (const [row, error] of refused) losses.push(lossOfRow(spool, table, row, error));
    return rows.filter((row) => !refused.has(row));
  };
  const kept = {
    sessions: await keep('session', writes.sessions, prepareSessions),
    responses: await keep('response', writes.responses, (rows) => prepareRows(UPSERT_RESPONSES, rows)),
    items: await keep('item', writes.items, (rows) => prepareRows(UPSERT_ITEMS, rows)),
    toolCalls: await keep('tool_call', writes.toolCalls, (rows) => prepareRows(UPSERT_TOOL_CALLS, rows)),
    turns: await keep('turn', writes.turns, (rows) => prepareRows(UPSERT_TURNS, rows)),
    anomalies: await keep('anomaly', writes.anomalies, (rows) => prepareRows(UPSERT_ANOMALIES, rows)),
  };
  const hopeless = await findRefused(store, writes.checkpoints, (rows) => prepareCheckpoints(rows, []));
  const checkpoints = writes.checkpoints.filter((checkpoint) => !hopeless.has(checkpoint));
  const changed = events.filter((event, index) => event !== writes.events[index]).length;
  return {
    writes: { ...writes, ...kept, events, checkpoints, losses: [...writes.losses, ...losses] },
    rows: Math.max(changed, losses.length) + hopeless.size,
  };
}

async function acceptableEvents(
  store: Store,
  spool: string,
  events: readonly EventWrite[],
  losses: RecordingLossWrite[],
): Promise<readonly EventWrite[]> {
  const refused = await findRefused(store, events, prepareEvents);
  if (refused.size === 0) return events;
  const bare = new Map([...refused.keys()].map((event) => [event, asBytes(event)]));
  const hopeless = await findRefused(store, [...bare.values()], prepareEvents);
  return events.flatMap((event) => {
    const instead = bare.get(event);
    if (instead === undefined) return [event];
    const error = hopeless.get(instead);
    if (error === undefined) return [instead];
    losses.push(lossOfEvent(spool, event, error));
    return [];
  });
}

/** The event reduced to what cannot be refused for its content: its place, its length and its bytes. */
function asBytes(event: EventWrite): EventWrite {
  const row: EventRow = {
    ...event.row,
    type: '',
    canonicalType: '',
    eventId: null,
    responseId: null,
    itemId: null,
    callId: null,
    note: null,
    flags: [...event.row.flags, 'quarantined'],
  };
  return { ...event, row, raw: null, rawBytes: wholeMessage(event), audioOffset: null, audio: null };
}

function wholeMessage({ raw, rawBytes, audioOffset, audio }: EventWrite): Uint8Array {
  if (raw === null) return rawBytes ?? new Uint8Array();
  if (audioOffset === null || audio === null) return raw;
  const text = Buffer.from(raw).toString('utf8');
  return joinAudio(text, audioOffset, audio);
}

/** The rows that the database refuses, each with its reason. */
async function findRefused<Row>(store: Store, rows: readonly Row[], prepare: Prepare<Row>): Promise<ReadonlyMap<Row, Error>> {
  if (rows.length === 0) return new Map();
  const error = await tryRows(store, prepare(rows));
  if (error === null) return new Map();
  if (rows.length === 1) return new Map([[rows[0] as Row, error]]);
  const middle = Math.ceil(rows.length / 2);
  const first = await findRefused(store, rows.slice(0, middle), prepare);
  const second = await findRefused(store, rows.slice(middle), prepare);
  return new Map([...first, ...second]);
}

/** SQLSTATE with which a trial ends that the database would have taken. */
const TRIAL_PASSED = 'DS002';

/** What the database says to these statements, none of which stays: null where it takes them. */
async function tryRows(store: Store, statements: readonly PreparedStatement[]): Promise<Error | null> {
  const rollback = { sql: 'select deltascope_end_trial()', parameters: [] };
  try {
    await runStatements(store, [...statements, rollback]);
  } catch (thrown) {
    const error = coerceError(thrown);
    if (sqlStateOf(error) === TRIAL_PASSED) return null;
    if (classifyFailure(error) === 'refused') return error;
    throw error;
  }
  return null;
}

function lossOfEvent(spool: string, event: EventWrite, error: Error): RecordingLossWrite {
  const { seq, byteLength } = event.row;
  return {
    spool,
    cause: 'quarantined',
    sessionId: event.sessionId,
    fromSeq: seq,
    toSeq: seq,
    messages: 1,
    bytes: byteLength,
    detail: `The database refused message ${seq}: ${failureSentence(error)}`,
  };
}

function lossOfRow(spool: string, table: string, row: { readonly view: object }, error: Error): RecordingLossWrite {
  const sessionId = 'sessionId' in row ? row.sessionId : (row.view as { id?: unknown }).id;
  return {
    spool,
    cause: 'quarantined',
    sessionId: typeof sessionId === 'string' ? (sessionId as RecordingLossWrite['sessionId']) : null,
    fromSeq: null,
    toSeq: null,
    messages: 0,
    bytes: null,
    detail: `The database refused a row of ${table}: ${failureSentence(error)}`,
  };
}
