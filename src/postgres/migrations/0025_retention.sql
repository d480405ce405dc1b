-- A person's word that the data of a transfer must stay, whatever its retention says. `reason` is a code or a case number.
create table legal_holds (
  vasp_id     text not null,
  id          uuid not null,
  transfer_id uuid not null,
  reason      text not null,
  set_by      text not null,
  set_at      timestamptz not null,
  lifted_by   text,
  lifted_at   timestamptz,
  lift_reason text,
  constraint legal_holds_pkey primary key (vasp_id, id),
  constraint legal_holds_transfer foreign key (vasp_id, transfer_id) references transfers,
  constraint legal_holds_lifted
    check ((lifted_by is null) = (lifted_at is null) and (lifted_at is null) = (lift_reason is null))
);
create index legal_holds_set on legal_holds (vasp_id, transfer_id) where lifted_at is null;

-- What stays in place of a shredded transfer's personal data: a signed statement about the messages whose bodies went. Its audit entry
-- is written by the same transaction.
create table tombstones (
  vasp_id     text not null,
  transfer_id uuid not null,
  xid         xid8 not null default pg_current_xact_id(),
  -- Compact JWS, tamga-tombstone+jws.
  statement   text not null,
  shredded_at timestamptz not null,
  constraint tombstones_pkey primary key (vasp_id, transfer_id)
);
create trigger tombstones_append_only before update or delete or truncate on tombstones
  for each statement execute function refuse_change();

-- Ended transfers in the order of their ends: what the search for due ones walks along.
create index transfers_ended on transfers (vasp_id, updated_at, id)
  where data_key is not null and state in ('completed', 'rejected', 'cancelled', 'expired');
