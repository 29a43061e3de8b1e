-- The overview counts what is being recorded now: a handful of rows among millions.
create index session_open_idx on session (id) where status = 'open';
