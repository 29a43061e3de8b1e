import { createHash } from 'node:crypto';
import pg from 'pg';
import type { SessionId } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import { EMPTY_USAGE } from '#lib/protocol/usage.ts';
import { NO_COUNTS } from '#lib/session/open-state.ts';
import type { SessionStatus } from '#lib/session/view.ts';

/**
 * Writes rows as the recorder would, in plain SQL, for tests of what reads them: any number of events, quickly, and no second process.
 * What the events mean is of no interest here: every tenth is an audio delta, every fiftieth ends a response.
 */

const FIRST_AT_MICROS = 1_795_313_060_000_125;
const STEP_MICROS = 20_003;

const COUNTS = { ...NO_COUNTS, cancelledByReason: {} };

export interface SeedDatabase {
  /** Writes a session's row; `events` further events may follow. */
  session(options?: { readonly id?: SessionId; readonly status?: SessionStatus; readonly provider?: string }): Promise<SessionId>;
  /** Appends events `lastSeq + 1 …` in one transaction, with a response and a turn that the last of them changed, and notifies. */
  append(id: SessionId, events: number, options?: { readonly notify?: 'pairs' | 'star' | 'none' }): Promise<number>;
  /** Ends a session without a further event, as the recorder does on its close, and notifies. */
  end(id: SessionId): Promise<void>;
  /** Writes one event with a body of its own. */
  event(id: SessionId, seq: number, body: SeedBody): Promise<void>;
  query(text: string, values?: unknown[]): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

/** A stored message: text without its audio, the audio beside it; or bytes. `payload` is what it must be rebuilt to. */
export interface SeedBody {
  readonly payload: Uint8Array;
  readonly raw?: string;
  readonly rawBytes?: Uint8Array;
  readonly audio?: Uint8Array;
  readonly audioOffset?: number;
  readonly format?: 'json' | 'text' | 'binary';
}

/** Opens a connection of its own to the database of a test. */
export async function openSeedDatabase(url: string): Promise<SeedDatabase> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const query = (text: string, values: unknown[] = []) => client.query(text, values);
  return {
    query,
    session: (options) => insertSession(query, options),
    append: (id, events, options) => appendEvents(query, id, events, options?.notify ?? 'pairs'),
    end: (id) => endSession(query, id),
    event: (id, seq, body) => insertEvent(query, id, seq, body),
    close: () => client.end(),
  };
}

type Query = SeedDatabase['query'];

async function insertSession(
  query: Query,
  options: { readonly id?: SessionId; readonly status?: SessionStatus; readonly provider?: string } = {},
): Promise<SessionId> {
  const id = options.id ?? makeSessionId();
  await query(
    `insert into session (id, status, started_at, clock, capture_mode, transport, upstream, provider, dialect, path, query, request_headers,
       model, tags, config_status, counts, usage, cost_estimated)
     values ($1, $2, to_timestamp($3::numeric / 1000000), 'wall', 'relay', 'websocket', 'openai', $4, 'realtime-ga', '/v1/realtime', '{}', '{}',
       'gpt-realtime', '{"env":"prod"}', 'none', $5, $6, true)`,
    [id, options.status ?? 'open', FIRST_AT_MICROS, options.provider ?? 'openai', COUNTS, EMPTY_USAGE],
  );
  await query(`insert into session_facet (session_id, facet) values ($1, 'tag:env=prod')`, [id]);
  return id;
}

async function appendEvents(query: Query, id: SessionId, events: number, notify: 'pairs' | 'star' | 'none'): Promise<number> {
  await query('begin');
  const found = await query('select last_seq from session where id = $1 for update', [id]);
  const first = Number(found.rows[0].last_seq) + 1;
  const last = first + events - 1;
  await query(
    `insert into event (session_id, seq, at, direction, format, type, canonical_type, event_id, response_id, item_id, byte_length,
       audio_bytes, sha256, flags, note, raw)
     select $1, n, to_timestamp(($4::numeric + n * $5::numeric) / 1000000),
       (case when n % 10 = 0 then 'client_to_server' else 'server_to_client' end)::"Direction", 'json',
       case when n % 10 = 1 then 'response.output_audio.delta' when n % 50 = 2 then 'response.done' else 'response.output_text.delta' end,
       case when n % 10 = 1 then 'response.output_audio.delta' when n % 50 = 2 then 'response.done' else 'response.output_text.delta' end,
       'event_' || n, 'resp_' || n / 50, 'item_' || n / 25, 200, case when n % 10 = 1 then 480 else 0 end,
       sha256(convert_to('{"type":"x","n":' || n || '}', 'UTF8')), '{}', null, '{"type":"x","n":' || n || '}'
     from generate_series($2::int, $3::int) n`,
    [id, first, last, FIRST_AT_MICROS, STEP_MICROS],
  );
  await query(
    `insert into response (session_id, id, ordinal, first_seq, last_seq, status, audio_deltas, audio_ms, modalities, item_ids)
     values ($1, 'resp_' || ($3::int / 50), $3::int / 50 + 1, $2, $3, 'in_progress', 1, 20.5, '{audio}', '{}')
     on conflict (session_id, id) do update set last_seq = excluded.last_seq`,
    [id, first, last],
  );
  await query(
    `insert into turn (session_id, ordinal, first_seq, last_seq, kind, speech_started_at)
     values ($1, $2::int / 50 + 1, $2, $2, 'speech', to_timestamp($3::numeric / 1000000))
     on conflict (session_id, ordinal) do update set last_seq = excluded.last_seq`,
    [id, last, FIRST_AT_MICROS],
  );
  await query(
    `update session set last_seq = $2::int, last_event_at = to_timestamp(($3::numeric + $2::int * $4::numeric) / 1000000),
       counts = jsonb_set(counts, '{events}', to_jsonb($2::int)) where id = $1`,
    [id, last, FIRST_AT_MICROS, STEP_MICROS],
  );
  if (notify !== 'none') await notifyCommit(query, notify === 'star' ? '*' : [[id, last]]);
  await query('commit');
  return last;
}

async function endSession(query: Query, id: SessionId): Promise<void> {
  await query('begin');
  const found = await query(
    `update session set status = 'ended', ended_at = last_event_at, ended_by = 'client', close_code = 1000 where id = $1 returning last_seq`,
    [id],
  );
  await query(`update response set status = 'incomplete' where session_id = $1 and status = 'in_progress'`, [id]);
  await notifyCommit(query, [[id, Number(found.rows[0].last_seq)]]);
  await query('commit');
}

async function notifyCommit(query: Query, payload: '*' | [SessionId, number][]): Promise<void> {
  await query(`select pg_notify('deltascope_commit', $1)`, [JSON.stringify(payload)]);
}

async function insertEvent(query: Query, id: SessionId, seq: number, body: SeedBody): Promise<void> {
  const sha256 = createHash('sha256').update(body.payload).digest();
  await query(
    `insert into event (session_id, seq, at, direction, format, type, canonical_type, byte_length, audio_bytes, sha256, flags, raw, raw_bytes,
       audio_offset)
     values ($1, $2, to_timestamp(($3::numeric + $2::int) / 1000000), 'server_to_client', $4, 'a', 'a', $5, $6, $7, '{}', $8, $9, $10)`,
    [
      ...[id, seq, FIRST_AT_MICROS, body.format ?? 'json', body.payload.byteLength, body.audio?.byteLength ?? 0, sha256],
      ...[body.raw ?? null, body.rawBytes ?? null, body.audioOffset ?? null],
    ],
  );
  if (body.audio !== undefined) {
    await query('insert into event_audio (session_id, seq, bytes) values ($1, $2, $3)', [id, seq, body.audio]);
  }
  await query('update session set last_seq = greatest(last_seq, $2) where id = $1', [id, seq]);
}
