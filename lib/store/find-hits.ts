import type { SessionId } from '#lib/base/brand.ts';
import type { Query, TextTerm } from '#lib/search/query.ts';
import type { SnippetPart } from '#lib/search/snippet.ts';
import { makeSnippet } from '#lib/search/snippet.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { readRowsWithin } from './read-rows-within.ts';
import { searchConditions, textCondition } from './search-condition.ts';
import type { TextSource } from './write-search.ts';

/** A moment in which something was said, called, answered or complained of. */
export interface SearchHit {
  readonly sessionId: SessionId;
  readonly source: TextSource;
  /** Of the item, call or response; null for an error of the wire. */
  readonly id: string | null;
  /** Who said it, or the name of the tool; null where that is not known. */
  readonly who: string | null;
  /** The message that holds it. */
  readonly seq: number;
  readonly snippet: readonly SnippetPart[];
}

export interface HitRequest {
  readonly query: Query;
  /** Sessions older than this one only. */
  readonly cursor?: SessionId | undefined;
  /** Hits at most, but never less than one session may have: a session's hits stand on one page. */
  readonly limit: number;
}

export interface HitPage {
  readonly hits: readonly SearchHit[];
  /** Cursor of the next page; null on the last. */
  readonly nextCursor: SessionId | null;
}

/** Most hits of one session: a page is to show where else it was said. */
const MOST_PER_SESSION = 5;

/** Messages after an item's first that are looked through for the one that holds its whole text. */
const MOST_MESSAGES = 5_000;

interface HitRow extends Omit<SearchHit, 'snippet'> {
  readonly content: string;
}

/** The texts that a query looks for, in the sessions that match all of it, newest session first. */
export async function findHits(store: Store, { query, cursor, limit }: HitRequest): Promise<HitPage> {
  const terms = query.terms.filter(
    (term): term is TextTerm & (typeof query.terms)[number] => term.kind === 'text' && !term.negated,
  );
  if (terms.length === 0) return { hits: [], nextCursor: null };
  const most = Math.max(limit, MOST_PER_SESSION);
  const rows = await readRowsWithin<HitRow>(store, hitsOf(query, terms, cursor, most));
  const { page, nextCursor } = cutAtSession(rows, most);
  const hits = page.map(({ content, ...hit }) => ({
    ...hit,
    id: hit.source === 'error' ? null : hit.id,
    snippet: makeSnippet(content, terms),
  }));
  return { hits, nextCursor };
}

function hitsOf(query: Query, terms: readonly TextTerm[], cursor: SessionId | undefined, limit: number): Prisma.Sql {
  const wanted = Prisma.join(terms.map(textCondition), ' or ');
  const isAlone = query.terms.length === 1;
  const older = cursor === undefined ? Prisma.sql`true` : Prisma.sql`t.session_id < ${cursor}::uuid`;
  const newest = isAlone ? Prisma.empty : Prisma.sql`newest as materialized (${newestOf(query, wanted, cursor, limit)}),`;
  const within = isAlone ? older : Prisma.sql`t.session_id in (select id from newest)`;
  return Prisma.sql`
    with ${newest} page as materialized (
      select session_id, source, id, seq from (
        select t.session_id, t.source, t.id, t.seq, row_number() over (partition by t.session_id order by t.seq, t.source, t.id) as place
        from search_text t where (${wanted}) and ${within}
      ) h
      where place <= ${MOST_PER_SESSION} order by session_id desc, seq, source, id limit ${limit + 1}
    )
    select h.session_id as "sessionId", h.source, h.id, t.content, coalesce(item.role, item.name, tool_call.name) as who,
      coalesce(moment.seq, h.seq) as seq
    from page h
    join search_text t on t.session_id = h.session_id and t.source = h.source and t.id = h.id
    left join item on h.source in ('text', 'transcription_error', 'item_error') and item.session_id = h.session_id and item.id = h.id
    left join tool_call on h.source in ('arguments', 'output') and tool_call.session_id = h.session_id and tool_call.call_id = h.id
    left join lateral (
      select event.seq from event
      where (h.source in ('text', 'item_error') or tool_call.kind in ('mcp', 'builtin'))
        and event.session_id = h.session_id and event.item_id = coalesce(item.id, tool_call.item_id)
        and case when h.source in ('text', 'item_error') then event.canonical_type = any(${[HEARD, ...DONE_TYPES]}::text[])
          else event.canonical_type = ${ITEM_DONE} end
        and event.seq between h.seq and least(coalesce(item.last_seq, tool_call.last_seq), h.seq::bigint + ${MOST_MESSAGES})
      order by case when event.canonical_type = ${HEARD} then -event.seq else event.seq end limit 1
    ) moment on true
    order by h.session_id desc, h.seq, h.source, h.id`;
}

/** The newest sessions that match and in which a term was said, as many as a page can need. `offset 0`: looked up session by session. */
function newestOf(query: Query, wanted: Prisma.Sql, cursor: SessionId | undefined, limit: number): Prisma.Sql {
  const older = cursor === undefined ? [] : [Prisma.sql`session.id < ${cursor}::uuid`];
  return Prisma.sql`select session.id from session where ${Prisma.join([...searchConditions(query), ...older], ' and ')}
    and exists (select from search_text t where t.session_id = session.id and (${wanted}) offset 0)
    order by session.id desc limit ${limit + 1}`;
}

/** Carries what was heard. Some providers send it for each part that they add; the last is taken. */
const HEARD = 'conversation.item.input_audio_transcription.completed';

/** Carries an item whole. Of the tools that the provider runs itself, no other message has what they were asked and what they found. */
const ITEM_DONE = 'response.output_item.done';

/** Messages that carry the whole text of an item, or the whole of it; the first is taken. */
const DONE_TYPES = ['response.output_audio_transcript.done', 'response.output_text.done', ITEM_DONE];

/** Whole sessions only, so that the next page begins with another one. */
function cutAtSession(rows: readonly HitRow[], limit: number): { page: readonly HitRow[]; nextCursor: SessionId | null } {
  const beyond = rows[limit];
  if (beyond === undefined) return { page: rows, nextCursor: null };
  const page = rows.filter((row) => row.sessionId !== beyond.sessionId);
  return { page, nextCursor: page.at(-1)?.sessionId ?? null };
}
