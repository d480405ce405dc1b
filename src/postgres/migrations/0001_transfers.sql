-- One row per transfer and local VASP; the current state. Personal data lies only in `identity` and `secret`, encrypted
-- (AES-256-GCM) by the row's own data key, which is wrapped by a key-encryption key outside the database.
create table transfers (
  vasp_id          text not null,
  id               uuid not null,
  role             text not null
                   constraint transfers_role_known check (role in ('originator', 'beneficiary')),
  counterparty_id  text,
  state            text not null
                   constraint transfers_state_known
                   check (state in ('started', 'pending', 'review', 'repair', 'accepted',
                                    'completed', 'rejected', 'cancelled', 'expired')),
  version          integer not null,
  own_seq          integer not null,
  peer_seq         integer not null,
  asset            text not null,
  -- Decimal string: never a float, never rounded by the database.
  amount           text not null,
  exempt           boolean not null,
  client_reference text,
  -- Clocks, rule, rejection, permit record: ids, codes and times only.
  data             jsonb not null,
  -- Null once shredded: then `identity` and `secret` can never be read again.
  data_key         bytea,
  identity         bytea,
  secret           bytea not null,
  -- HMACs, so that a deposit can be matched without storing its address in clear.
  address_index    bytea not null,
  tx_index         bytea,
  -- When the next clock rings; null when none runs.
  next_clock_at    timestamptz,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  constraint transfers_pkey primary key (vasp_id, id)
);
create index transfers_newest on transfers (vasp_id, created_at desc, id desc);
create index transfers_clock on transfers (next_clock_at) where next_clock_at is not null;
create index transfers_open on transfers (vasp_id, counterparty_id)
  where state in ('started', 'pending', 'review', 'repair', 'accepted');
create index transfers_address on transfers (vasp_id, address_index);
create index transfers_tx on transfers (vasp_id, tx_index) where tx_index is not null;

-- Append-only: what happened, in order. Sequence numbers commit out of order, so streams read by (xid, seq) and only up to the
-- oldest transaction still running: nothing can appear later before what was already read.
create table transfer_events (
  vasp_id     text not null,
  xid         xid8 not null default pg_current_xact_id(),
  seq         bigint generated always as identity,
  transfer_id uuid not null,
  version     integer not null,
  type        text not null,
  actor       text not null,
  data        jsonb not null,
  occurred_at timestamptz not null,
  constraint transfer_events_pkey primary key (vasp_id, xid, seq)
);
create index transfer_events_transfer on transfer_events (vasp_id, transfer_id, version);

-- One row per hold, open or ended. At most one open hold per transfer and reason.
create table holds (
  vasp_id     text not null,
  id          uuid not null,
  transfer_id uuid not null,
  reason      text not null,
  finding     jsonb not null,
  state       text not null
              constraint holds_state_known check (state in ('open', 'released', 'rejected', 'resolved', 'lapsed')),
  opened_at   timestamptz not null,
  deadline    timestamptz not null,
  outcome     text not null constraint holds_outcome_known check (outcome in ('KEEP_HOLDING', 'REJECT')),
  overdue     boolean not null,
  ended_at    timestamptz,
  ended_by    text,
  end_reason  text,
  constraint holds_pkey primary key (vasp_id, id),
  constraint holds_transfer foreign key (vasp_id, transfer_id) references transfers deferrable initially deferred,
  constraint holds_ended check ((state = 'open') = (ended_at is null) and (ended_at is null) = (ended_by is null))
);
create unique index holds_one_open on holds (vasp_id, transfer_id, reason) where state = 'open';
create index holds_queue on holds (vasp_id, state, deadline, id);
create index holds_of_transfer on holds (vasp_id, transfer_id);

-- What people wrote about a hold, encrypted by the transfer's data key.
create table hold_notes (
  vasp_id    text not null,
  id         uuid not null,
  hold_id    uuid not null,
  person     text not null,
  body       bytea not null,
  written_at timestamptz not null,
  constraint hold_notes_pkey primary key (vasp_id, id),
  constraint hold_notes_hold foreign key (vasp_id, hold_id) references holds deferrable initially deferred
);
create index hold_notes_of_hold on hold_notes (vasp_id, hold_id);
