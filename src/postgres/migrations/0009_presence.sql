-- Who has a transfer open in the console now. It says nothing about the past: a row counts for seconds, and a crash may lose them all.
create unlogged table console_presence (
  vasp_id     text not null,
  transfer_id uuid not null,
  subject     text not null,
  seen_at     timestamptz not null,
  constraint console_presence_pkey primary key (vasp_id, transfer_id, subject)
);
create index console_presence_seen on console_presence (seen_at);
