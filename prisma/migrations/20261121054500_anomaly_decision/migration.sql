-- What a person last said of all anomalies of a kind. The anomalies themselves have it too, but those found later begin as open.

create table anomaly_decision (
  fingerprint text primary key,
  state text not null,
  muted_until timestamptz(6),
  decided_at timestamptz(6) not null default now()
);
