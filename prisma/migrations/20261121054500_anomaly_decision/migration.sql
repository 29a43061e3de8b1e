-- What a person last said of all anomalies of a kind. The anomalies themselves have it too, but those found later begin as open.

create table anomaly_decision (
  fingerprint text primary key,
  state text not null,
  muted_until timestamptz(6),
  decided_at timestamptz(6) not null default now()
);

-- What was said of a kind before there was a place for it: all of its anomalies stand alike.
insert into anomaly_decision (fingerprint, state, muted_until, decided_at)
  select fingerprint, min(state), case when min(state) = 'muted' and bool_and(muted_until is not null) then max(muted_until) end,
    coalesce(max(state_changed_at), now())
  from anomaly group by fingerprint having count(distinct state) = 1 and min(state) in ('acknowledged', 'muted');
