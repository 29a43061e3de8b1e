-- Alerts: what people want to be told of, what happened, and who was told. Small, ordinary tables.

create table alert_rule (
  id uuid primary key,
  name text not null,
  is_enabled boolean not null,
  condition jsonb not null,
  group_by text[] not null,
  channel_ids uuid[] not null,
  renotify_ms integer,
  quiet_ms integer not null,
  silenced_until timestamptz(6),
  created_at timestamptz(6) not null default now(),
  updated_at timestamptz(6) not null default now()
);

create table channel (
  id uuid primary key,
  name text not null,
  kind text not null,
  url text not null,
  secret text,
  is_enabled boolean not null,
  created_at timestamptz(6) not null default now()
);

create table incident (
  id uuid primary key,
  rule_id uuid not null,
  rule_name text not null,
  fingerprint text not null,
  group_keys jsonb not null,
  state text not null,
  severity text not null,
  title text not null,
  detail text not null,
  occurrences integer not null,
  opened_at timestamptz(6) not null,
  last_seen_at timestamptz(6) not null,
  last_notified_at timestamptz(6),
  resolved_at timestamptz(6),
  resolved_by text,
  silenced_until timestamptz(6),
  sights jsonb not null,
  timeline jsonb not null
);
create unique index incident_open_key on incident (fingerprint) where state = 'open';
create index incident_opened_at_idx on incident (opened_at);

create table delivery (
  id uuid primary key,
  channel_id uuid not null,
  incident_id uuid,
  kind text not null,
  state text not null,
  body text not null,
  attempts jsonb not null,
  created_at timestamptz(6) not null default now(),
  delivered_at timestamptz(6)
);
create index delivery_incident_id_idx on delivery (incident_id);
create index delivery_created_at_idx on delivery (created_at);

-- Anomalies that no alerter has looked at yet: written in the transaction that writes the anomaly, deleted in the one that writes what
-- became of it. So each is looked at once, whatever order transactions commit in, however many alerters there are, and whoever dies.
create table alert_inbox (
  session_id uuid not null,
  anomaly_id text not null,
  noticed_at timestamptz(6) not null default now(),
  primary key (session_id, anomaly_id)
);

create function deltascope_notice_anomaly() returns trigger language plpgsql as $$
begin
  insert into alert_inbox (session_id, anomaly_id) values (new.session_id, new.id) on conflict do nothing;
  return null;
end $$;

create trigger anomaly_notice after insert on anomaly for each row execute function deltascope_notice_anomaly();
