-- Envelopes to counterparties. A row closes only by a signed receipt, or when the envelope has expired; until then it is sent again.
create table outbox (
  vasp_id         text not null,
  jti             text not null,
  receiver        text not null,
  kind            text not null,
  type            text not null,
  transfer_id     uuid,
  seq             integer,
  envelope        text not null,
  digest          text,
  state           text not null
                  constraint outbox_state_known check (state in ('waiting', 'receipted', 'refused', 'expired')),
  attempt         integer not null,
  next_attempt_at timestamptz not null,
  expires_at      timestamptz not null,
  receipt         text,
  closed_at       timestamptz,
  created_at      timestamptz not null default now(),
  constraint outbox_pkey primary key (vasp_id, jti)
);
create index outbox_waiting on outbox (next_attempt_at) where state = 'waiting';
create index outbox_expiring on outbox (expires_at) where state = 'waiting';
create unique index outbox_of_transfer on outbox (vasp_id, transfer_id, seq) where transfer_id is not null;

-- Envelopes from counterparties, as received, each with the receipt that answers it and every copy of it.
create table inbox (
  vasp_id     text not null,
  iss         text not null,
  jti         text not null,
  sha256      text not null,
  type        text not null,
  transfer_id uuid,
  envelope    text not null,
  receipt     text not null,
  received_at timestamptz not null default now(),
  constraint inbox_pkey primary key (vasp_id, iss, jti)
);
create index inbox_of_transfer on inbox (vasp_id, transfer_id) where transfer_id is not null;

-- What arrived and was refused: kept for people to look at, changes nothing. The bytes are sealed or junk, and cut at 4 KiB.
create table security_events (
  vasp_id        text not null,
  id             bigint generated always as identity,
  reason         text not null,
  subject        text not null,
  claimed_sender text,
  bytes          bytea not null,
  sha256         text not null,
  -- The same bytes again only count: a flood of one message is one row.
  times          integer not null default 1,
  first_at       timestamptz not null default now(),
  last_at        timestamptz not null default now(),
  constraint security_events_pkey primary key (vasp_id, id),
  constraint security_events_once unique (vasp_id, reason, sha256)
);

-- What a caller's request_id came to.
create table idempotency (
  vasp_id     text not null,
  caller      text not null,
  method      text not null,
  request_id  text not null,
  fingerprint text not null,
  resource_id text not null,
  created_at  timestamptz not null default now(),
  constraint idempotency_pkey primary key (vasp_id, caller, method, request_id)
);

-- Append-only log of state changes, decisions and configuration; no personal data. `leaf` is the RFC 6962 leaf hash of `entry`.
create table audit_entries (
  vasp_id     text not null,
  xid         xid8 not null default pg_current_xact_id(),
  seq         bigint generated always as identity,
  -- RFC 8785 JSON.
  entry       text not null,
  leaf        bytea not null,
  recorded_at timestamptz not null default now(),
  constraint audit_entries_pkey primary key (vasp_id, xid, seq)
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed', tg_table_name using constraint = 'append_only';
end $$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  for each statement execute function refuse_change();
create trigger transfer_events_append_only before update or delete or truncate on transfer_events
  for each statement execute function refuse_change();
