-- What the rules find. Partitioned by session like the tables it speaks of.

create table anomaly (
  session_id uuid not null,
  id text not null,
  rule_id text not null,
  rule_version integer not null,
  severity text not null,
  variant text not null,
  fingerprint text not null,
  at timestamptz(6),
  from_seq integer not null,
  to_seq integer not null,
  last_seq integer not null,
  evidence integer[],
  values jsonb not null,
  state text not null default 'open',
  muted_until timestamptz(6),
  state_changed_at timestamptz(6),
  found_at timestamptz(6) not null default now(),
  primary key (session_id, id)
) partition by range (session_id);
create index anomaly_fingerprint_idx on anomaly (fingerprint);
create index anomaly_found_at_idx on anomaly (found_at);
create table anomaly_default partition of anomaly default;

alter table session add column anomalies jsonb not null default '{"critical": 0, "high": 0, "medium": 0, "low": 0, "info": 0}';

-- Read from the catalog: a later migration that partitions a table by session id need not change this again.
create or replace function deltascope_partitioned_tables() returns table (name text, key text) language sql stable as $$
  select parent.relname::text, attribute.attname::text
  from pg_partitioned_table partitioned
  join pg_class parent on parent.oid = partitioned.partrelid
  join pg_class fallback on fallback.oid = partitioned.partdefid and fallback.relname = parent.relname || '_default'
  join pg_attribute attribute on attribute.attrelid = parent.oid and attribute.attnum = partitioned.partattrs[0]
  where partitioned.partstrat = 'r' and partitioned.partnatts = 1 and parent.relnamespace = (select relnamespace from pg_class where oid = 'session'::regclass)
$$;
