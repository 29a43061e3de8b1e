-- Search: what was said, called, answered and complained of, and what a session can be found by. Partitioned by session like the
-- tables they are made of. Texts stand here a second time, and only when they are final: an index over item.text would be written
-- again with every delta of a transcript. Nothing ever searches the events.

-- The words of a text: letters and digits, whatever marks stand between them, so that `session.audio.output` or `ops@example.com` is found
-- by each of its parts.
create function deltascope_words(content text) returns tsvector language sql immutable parallel safe as $$
  select to_tsvector('simple'::regconfig, translate(content, $m$!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~$m$, repeat(' ', 32)))
$$;

-- What finds these words, one after the other.
create function deltascope_phrase(wanted text) returns tsquery language sql immutable parallel safe as $$
  select phraseto_tsquery('simple'::regconfig, translate(wanted, $m$!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~$m$, repeat(' ', 32)))
$$;

create table search_text (
  session_id uuid not null,
  source text not null,
  id text not null,
  seq integer not null,
  content text not null,
  -- Kept, not computed by the index: whether words follow one another is looked up in every text that has them all.
  words tsvector not null,
  primary key (session_id, source, id)
) partition by range (session_id);
create index search_text_words_idx on search_text using gin (words);
create table search_text_default partition of search_text default;

-- One row per fact, not an array on the session's row: a fact is only ever added, so writing needs no reading, and the row of a session,
-- which changes with every batch, carries no index over them.
create table session_facet (
  session_id uuid not null,
  facet text not null,
  primary key (session_id, facet)
) partition by range (session_id);
create index session_facet_facet_idx on session_facet (lower(facet) text_pattern_ops, session_id);
create table session_facet_default partition of session_facet default;

-- A pasted id leads to its place.
create index response_id_idx on response (id);
create index item_id_idx on item (id);
create index tool_call_call_id_idx on tool_call (call_id);
create index session_provider_session_id_idx on session (provider_session_id) where provider_session_id is not null;
create index session_provider_call_id_idx on session (provider_call_id) where provider_call_id is not null;

-- For scripts without spaces between words. Search works without it, only slower, where a server does not offer it.
do $$ begin
  create extension if not exists pg_trgm;
  create index search_text_letters_idx on search_text using gin (content gin_trgm_ops);
exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then
  raise notice 'pg_trgm is not available: searching scripts without spaces will be slow';
end $$;

-- What was recorded before. Errors of the wire that belong to no response are found in sessions recorded from now on.
insert into search_text
select found.*, deltascope_words(found.content) from (
  select session_id, 'text' as source, id, first_seq as seq, left(text, 60000) as content from item where text <> '' and (text_final or status in ('completed', 'incomplete'))
  union all
  select session_id, 'transcription_error', id, last_seq, left(error_message, 60000) from item where error_message <> ''
  union all
  select session_id, 'arguments', call_id, coalesce(called_seq, first_seq), left(arguments_text, 60000) from tool_call
    where arguments_text <> '' and status <> 'in_progress'
  union all
  select session_id, 'output', call_id, coalesce(output_seq, last_seq), left(output, 60000) from tool_call where output <> ''
  union all
  select session_id, 'response_error', id, coalesce(done_seq, last_seq), left(error_message, 60000) from response where error_message <> ''
) found;

insert into session_facet
  select session_id, 'reason:' || reason from response where reason is not null
  union
  select session_id, 'response:' || status from response where status in ('completed', 'cancelled', 'failed', 'incomplete')
  union
  select session_id, 'error:' || error_code from response where error_code is not null
  union
  select session_id, 'tool:' || name from tool_call where name is not null
  union
  select session_id, 'rule:' || rule_id from anomaly
  union
  select session.id, left('tag:' || tag.key || '=' || tag.value, 200) from session, jsonb_each_text(session.tags) tag;
