import pg from 'pg';
import { migrateStore } from '#lib/store/migrate.ts';

/** What is planted, and where. */
export interface Planted {
  readonly session: string;
  readonly item: string;
  readonly phrase: string;
  /** The message that holds the phrase. */
  readonly seq: number;
}

/** Said once, of words that are said everywhere. */
const PHRASE = 'the blue policy covers your second refund';
const DAY_MS = 86_400_000;

/** 40 words; a text takes some of them, so that every word is common and no order of words is. */
const WORDS =
  `the your a to of is my can you order please refund policy when how money week card second delivery paid name number account
  thanks again wait hello yes no blue green problem covers days after before email call back`.split(/\s+/);

const COUNTS = JSON.stringify({
  ...{
    events: 24,
    clientEvents: 4,
    serverEvents: 20,
    bytes: 9000,
    audioBytes: 0,
    unreadable: 0,
    unknownTypes: 0,
    lost: 0,
    errors: 0,
  },
  ...{
    responses: 4,
    completed: 3,
    cancelled: 1,
    failed: 0,
    incomplete: 0,
    cancelledByReason: {},
    items: 12,
    toolCalls: 2,
    turns: 4,
  },
});

/** Fills an empty database with sessions as the recorder leaves them: items, calls, their messages, and what search finds them by. */
export async function seedSessions(url: string, { sessions, texts }: { sessions: number; texts: number }): Promise<Planted> {
  await migrateStore(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await insertSessions(client, sessions);
    await insertTexts(client, texts);
    await insertFacets(client);
    const planted = await plantPhrase(client);
    for (const table of ['session', 'item', 'event', 'search_text', 'session_facet'])
      await client.query(`vacuum analyze ${table}`);
    return planted;
  } finally {
    await client.end();
  }
}

/** One session every eight seconds up to now; three providers, six models. */
async function insertSessions(client: pg.Client, sessions: number): Promise<void> {
  await client.query(
    `insert into session (id, status, started_at, last_event_at, ended_at, last_seq, clock, capture_mode, transport, upstream, provider, dialect,
       path, query, request_headers, model, provider_session_id, tags, config_status, counts, usage, cost_usd, cost_estimated)
     select (rpad(lpad(to_hex(ms), 12, '0'), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid,
       'ended', to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0 + n % 300), to_timestamp(ms / 1000.0 + n % 300), 24, 'wall', 'relay',
       (array['websocket', 'webrtc'])[1 + n % 2], 'openai', (array['openai', 'azure-openai', 'xai'])[1 + n % 3], 'realtime-ga', '/v1/realtime', '{}', '{}',
       'gpt-realtime-' || n % 6, 'sess_' || n, jsonb_build_object('env', (array['prod', 'staging'])[1 + n % 2], 'team', 'team' || n % 7), 'applied',
       $2, '{}', n % 100 / 50.0, false
     from (select n, $3::bigint - ($1 - n)::bigint * 8000 as ms from generate_series(1, $1::int) n) s`,
    [sessions, COUNTS, Date.now() - DAY_MS],
  );
}

/** `texts` items of each session, each said by a message of its own among others, each of 15 words. */
async function insertTexts(client: pg.Client, texts: number): Promise<void> {
  await client.query(
    `insert into item (session_id, id, ordinal, first_seq, last_seq, type, role, text, text_final, transcription_status, audio_ms, deleted)
     select id, 'item_' || last_seq || '_' || provider_session_id || '_' || n, n, n * 2 - 1, n * 2, 'message', (array['user', 'assistant'])[1 + n % 2],
       (select string_agg(($2::text[])[1 + (hashint8(s.row * 1000 + n * 20 + w) & 1073741823) % 40], ' ' order by w) from generate_series(1, 15) w),
       true, 'completed', 0, false
     from (select *, row_number() over () as row from session) s, generate_series(1, $1::int) n`,
    [texts, WORDS],
  );
  await client.query(
    `insert into event (session_id, seq, direction, format, type, canonical_type, item_id, byte_length, audio_bytes, sha256, flags)
     select session_id, ordinal * 2 - p, 'server_to_client', 'json', m.type, m.type, id, 400, 0, ''::bytea, '{}'
     from item, (values (1, 'conversation.item.added'), (0, 'conversation.item.input_audio_transcription.completed')) m (p, type)`,
  );
  await client.query(`insert into search_text select session_id, 'text', id, first_seq, text, deltascope_words(text) from item`);
}

async function insertFacets(client: pg.Client): Promise<void> {
  await client.query(
    `insert into session_facet select id, facet from session, unnest(array['tag:env=' || (tags ->> 'env'), 'tag:team=' || (tags ->> 'team'),
       'response:completed', 'response:cancelled', 'reason:turn_detected', 'tool:tool_' || last_seq % 5, 'rule:missing-delta']) facet`,
  );
}

async function plantPhrase(client: pg.Client): Promise<Planted> {
  const { rows } = await client.query<{ session: string; item: string; seq: number }>(
    `select session_id as session, id as item, last_seq as seq from item order by session_id, ordinal offset (select count(*) / 3 from item) limit 1`,
  );
  const [place] = rows;
  if (place === undefined) throw new Error('No item was seeded.');
  const said = `Just so I understand it, ${PHRASE}, right?`;
  await client.query('update item set text = $3 where session_id = $1 and id = $2', [place.session, place.item, said]);
  await client.query('update search_text set content = $3, words = deltascope_words($3) where session_id = $1 and id = $2', [
    place.session,
    place.item,
    said,
  ]);
  return { ...place, phrase: PHRASE };
}
