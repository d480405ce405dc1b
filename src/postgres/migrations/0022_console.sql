-- Who is signed in at the console. Of the cookie's token only the SHA-256 is kept, so that whoever reads this table is nobody by it.
-- `person` is the person as at sign-in: names and roles.
create table console_sessions (
  id           uuid not null,
  token_hash   bytea not null,
  subject      text not null,
  person       jsonb not null,
  vasp_id      text,
  user_agent   text not null,
  signed_in_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at   timestamptz not null,
  constraint console_sessions_pkey primary key (id),
  constraint console_sessions_token unique (token_hash)
);
create index console_sessions_of on console_sessions (subject);

-- Lists with their filters that a person has saved under a name.
create table console_views (
  vasp_id  text not null,
  subject  text not null,
  id       uuid not null,
  name     text not null,
  page     text not null,
  query    text not null,
  saved_at timestamptz not null default now(),
  constraint console_views_pkey primary key (vasp_id, subject, id)
);

-- The queues' other orders, and the figures over a period.
create index holds_newest on holds (vasp_id, state, opened_at desc, id desc);
create index holds_opened on holds (vasp_id, opened_at);
create index transfers_reference on transfers (vasp_id, client_reference text_pattern_ops) where client_reference is not null;
create index transfers_state on transfers (vasp_id, state, created_at desc, id desc);
create index outbox_failed on outbox (vasp_id, closed_at) where state in ('refused', 'expired');
