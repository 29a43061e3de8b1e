-- The spine: sessions, their events, and what the reducers make of them.
-- High-volume tables are range-partitioned by session id. A session id is a UUIDv7, so a day of sessions is a range of ids and one
-- partition of each table; retention drops partitions. Keys start with the session id, nothing unique leaves it out, and there are
-- no foreign keys between them. The default partitions catch what no day covers (see lib/store/partitions.ts).

create type "Direction" as enum ('client_to_server', 'server_to_client', 'unknown');
create type "PayloadFormat" as enum ('json', 'text', 'binary');
create type "SessionStatus" as enum ('open', 'ended', 'lost', 'refused', 'failed');

create table session (
  id uuid not null,
  status "SessionStatus" not null,
  started_at timestamptz(6),
  last_event_at timestamptz(6),
  ended_at timestamptz(6),
  last_seq integer not null default 0,
  clock text not null,
  ended_by text,
  close_code integer,
  close_reason text,
  http_status integer,
  end_detail text,
  capture_mode text not null,
  transport text not null,
  upstream text,
  provider text not null,
  dialect text not null,
  path text,
  query jsonb not null,
  request_headers jsonb not null,
  model text,
  api_version text,
  deployment text,
  region text,
  provider_session_id text,
  provider_call_id text,
  tags jsonb not null,
  source_file text,
  source_sha256 text,
  config_status text not null,
  requested_config jsonb,
  effective_config jsonb,
  counts jsonb not null,
  usage jsonb not null,
  cost_usd double precision,
  cost_estimated boolean not null,
  voice_to_voice_p50_ms double precision,
  voice_to_voice_p95_ms double precision,
  primary key (id)
) partition by range (id);
create index session_source_sha256_idx on session (source_sha256);
create index session_last_event_at_idx on session (last_event_at);

create table event (
  session_id uuid not null,
  seq integer not null,
  at timestamptz(6),
  direction "Direction" not null,
  format "PayloadFormat" not null,
  type text not null,
  canonical_type text not null,
  event_id text,
  response_id text,
  item_id text,
  call_id text,
  byte_length integer not null,
  audio_bytes integer not null,
  sha256 bytea not null,
  problem text,
  flags text[],
  note text,
  raw text,
  raw_bytes bytea,
  audio_offset integer,
  primary key (session_id, seq)
) partition by range (session_id);

-- Audio does not compress: keep it out of line as it is.
create table event_audio (
  session_id uuid not null,
  seq integer not null,
  bytes bytea not null,
  primary key (session_id, seq)
) partition by range (session_id);
alter table event_audio alter column bytes set storage external;

create table response (
  session_id uuid not null,
  id text not null,
  ordinal integer not null,
  first_seq integer not null,
  last_seq integer not null,
  status text not null,
  reason text,
  error_code text,
  error_message text,
  created_at timestamptz(6),
  first_output_at timestamptz(6),
  first_audio_at timestamptz(6),
  done_at timestamptz(6),
  done_seq integer,
  conversation_id text,
  modalities text[],
  item_ids text[],
  usage jsonb,
  cost_usd double precision,
  audio_deltas integer not null,
  audio_ms double precision not null,
  answers_item_id text,
  metadata jsonb,
  primary key (session_id, id)
) partition by range (session_id);

create table item (
  session_id uuid not null,
  id text not null,
  ordinal integer not null,
  first_seq integer not null,
  last_seq integer not null,
  type text not null,
  role text,
  status text,
  previous_item_id text,
  response_id text,
  call_id text,
  name text,
  text text,
  text_final boolean not null,
  arguments_text text,
  output text,
  transcription_status text not null,
  error_message text,
  created_at timestamptz(6),
  done_at timestamptz(6),
  audio_ms double precision not null,
  truncated_at_ms double precision,
  deleted boolean not null,
  primary key (session_id, id)
) partition by range (session_id);

create table tool_call (
  session_id uuid not null,
  call_id text not null,
  ordinal integer not null,
  first_seq integer not null,
  last_seq integer not null,
  item_id text,
  response_id text,
  kind text not null,
  name text,
  arguments_text text not null,
  status text not null,
  output text,
  called_at timestamptz(6),
  called_seq integer,
  output_at timestamptz(6),
  output_seq integer,
  follow_up_response_id text,
  primary key (session_id, call_id)
) partition by range (session_id);

create table turn (
  session_id uuid not null,
  ordinal integer not null,
  first_seq integer not null,
  last_seq integer not null,
  item_id text,
  kind text not null,
  speech_started_at timestamptz(6),
  speech_stopped_at timestamptz(6),
  audio_start_ms double precision,
  audio_end_ms double precision,
  committed_at timestamptz(6),
  response_id text,
  first_audio_at timestamptz(6),
  voice_to_voice_ms double precision,
  interrupted_response_id text,
  primary key (session_id, ordinal)
) partition by range (session_id);

create table session_default partition of session default;
create table event_default partition of event default;
create table event_audio_default partition of event_audio default;
create table response_default partition of response default;
create table item_default partition of item default;
create table tool_call_default partition of tool_call default;
create table turn_default partition of turn default;
alter table event_audio_default alter column bytes set storage external;

create table session_checkpoint (
  session_id uuid primary key,
  spool text not null,
  version integer not null,
  seq integer not null,
  state bytea not null,
  updated_at timestamptz(6) not null default now()
);
create index session_checkpoint_spool_idx on session_checkpoint (spool);

create table spool_cursor (
  spool text primary key,
  epoch uuid not null,
  segment integer not null,
  position bigint not null,
  owner uuid,
  updated_at timestamptz(6) not null default now()
);

create table recording_loss (
  id bigserial primary key,
  spool text not null,
  cause text not null,
  session_id uuid,
  from_seq integer,
  to_seq integer,
  messages integer,
  bytes bigint,
  detail text not null,
  noticed_at timestamptz(6) not null default now()
);
create index recording_loss_session_id_idx on recording_loss (session_id);

-- Moves a spool's cursor from where it must stand, or fails the whole transaction: a second or hung recorder is fenced out.
create function deltascope_advance_cursor(
  cursor_spool text, old_epoch uuid, old_segment integer, old_position bigint,
  new_epoch uuid, new_segment integer, new_position bigint, new_owner uuid
) returns void language plpgsql as $$
begin
  if old_epoch is null then
    insert into spool_cursor (spool, epoch, segment, position, owner)
    values (cursor_spool, new_epoch, new_segment, new_position, new_owner)
    on conflict (spool) do nothing;
  else
    update spool_cursor
    set epoch = new_epoch, segment = new_segment, position = new_position, owner = new_owner, updated_at = now()
    where spool = cursor_spool and epoch = old_epoch and segment = old_segment and position = old_position;
  end if;
  if not found then
    raise exception 'the cursor of spool % does not stand at segment %, position %', cursor_spool, old_segment, old_position
      using errcode = 'DS001';
  end if;
end $$;

-- Ends a trial: what the transaction wrote was accepted, and none of it stays.
create function deltascope_end_trial() returns void language plpgsql as $$
begin
  raise exception 'trial passed' using errcode = 'DS002';
end $$;

-- The smallest session id of a day (UTC): a UUIDv7 begins with its milliseconds.
create function deltascope_first_id(day date) returns uuid language sql immutable as $$
  select rpad(lpad(to_hex((extract(epoch from day) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

create function deltascope_partitioned_tables() returns table (name text, key text) language sql immutable as $$
  values ('session', 'id'), ('event', 'session_id'), ('event_audio', 'session_id'), ('response', 'session_id'),
    ('item', 'session_id'), ('tool_call', 'session_id'), ('turn', 'session_id')
$$;

-- Makes the partitions of `first_day` and the `more_days` after it. One at a time over all processes (advisory lock), and only where
-- one is missing: looking costs nothing. A partition is filled with what the default one caught of its day before it is attached.
-- Room is left in pages of rows that are updated while a call lasts, so that updates stay in their page.
create function deltascope_ensure_partitions(first_day date, more_days integer) returns integer language plpgsql as $$
declare
  made integer := 0;
  wanted record;
  condition text;
begin
  for wanted in
    select t.name as parent, t.key, d::date as day, format('%s_%s', t.name, to_char(d, '"p"YYYYMMDD')) as partition
    from generate_series(first_day, first_day + more_days, interval '1 day') d cross join deltascope_partitioned_tables() t
    where to_regclass(format('%s_%s', t.name, to_char(d, '"p"YYYYMMDD'))) is null
  loop
    perform pg_advisory_xact_lock(7021906);
    -- Asked of the table and not of to_regclass, which remembers that there was none while another process made it.
    continue when exists (select from pg_class where relname = wanted.partition and relnamespace = current_schema()::regnamespace);
    condition := format('%I >= %L and %I < %L', wanted.key, deltascope_first_id(wanted.day), wanted.key, deltascope_first_id(wanted.day + 1));
    execute format('create table %I (like %I including defaults including storage including compression, constraint of_this_day check (%s))',
      wanted.partition, wanted.parent, condition);
    if wanted.parent not in ('event', 'event_audio') then
      execute format('alter table %I set (fillfactor = 75)', wanted.partition);
    end if;
    execute format('lock table %I in access exclusive mode', wanted.parent || '_default');
    execute format('with moved as (delete from %I where %s returning *) insert into %I select * from moved',
      wanted.parent || '_default', condition, wanted.partition);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)',
      wanted.parent, wanted.partition, deltascope_first_id(wanted.day), deltascope_first_id(wanted.day + 1));
    execute format('alter table %I drop constraint of_this_day', wanted.partition);
    made := made + 1;
  end loop;
  return made;
end $$;

-- Drops the partitions of days before `first_kept`, and such rows of the default partitions. A partition that is in use is left for
-- the next time rather than waited for: waiting would hold up every reader and writer behind it.
create function deltascope_drop_expired(first_kept date) returns setof text language plpgsql as $$
declare
  expired record;
begin
  perform pg_advisory_xact_lock(7021906);
  perform set_config('lock_timeout', '2s', true);
  for expired in
    select c.relname as name, t.name as parent
    from deltascope_partitioned_tables() t
    join pg_inherits i on i.inhparent = t.name::regclass
    join pg_class c on c.oid = i.inhrelid
    where c.relname ~ '_p[0-9]{8}$' and to_date(right(c.relname, 8), 'YYYYMMDD') < first_kept
  loop
    begin
      execute format('drop table %I', expired.name);
      return next expired.name;
    exception when lock_not_available then null;
    end;
  end loop;
  for expired in select t.name as parent, t.key from deltascope_partitioned_tables() t loop
    execute format('delete from %I where %I < %L', expired.parent || '_default', expired.key, deltascope_first_id(first_kept));
  end loop;
end $$;

-- LZ4 compresses the text of messages several times faster than the default; a server may have been built without it.
do $$ begin
  alter table event alter column raw set compression lz4;
  alter table event_default alter column raw set compression lz4;
  alter table item alter column text set compression lz4;
  alter table item_default alter column text set compression lz4;
exception when feature_not_supported then null;
end $$;
