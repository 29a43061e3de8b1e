-- Who may see the dashboard: the tables of better-auth, which reads and writes them, and the key that signs its cookies.

create table auth_user (
  id text primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz(6) not null default now(),
  updated_at timestamptz(6) not null default now()
);

create table auth_session (
  id text primary key,
  token text not null unique,
  user_id text not null references auth_user (id) on delete cascade,
  expires_at timestamptz(6) not null,
  ip_address text,
  user_agent text,
  created_at timestamptz(6) not null default now(),
  updated_at timestamptz(6) not null default now()
);
create index on auth_session (user_id);

create table auth_account (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references auth_user (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz(6),
  refresh_token_expires_at timestamptz(6),
  scope text,
  password text,
  created_at timestamptz(6) not null default now(),
  updated_at timestamptz(6) not null default now()
);
create index on auth_account (user_id);

create table auth_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz(6) not null,
  created_at timestamptz(6) not null default now(),
  updated_at timestamptz(6) not null default now()
);
create index on auth_verification (identifier);

-- One row: dashboards that share a database accept each other's cookies.
create table auth_secret (
  id integer primary key default 1 check (id = 1),
  secret text not null,
  created_at timestamptz(6) not null default now()
);
