-- The audit log as a Merkle tree (RFC 9162, 2.1), one for each local VASP. Entries are written without a thought of the tree; a
-- sequencer then gives them their places, many at a time, in (xid, seq) order and only up to the oldest transaction still running:
-- nothing can come in later before what has its place.
create table audit_batches (
  vasp_id   text not null,
  -- The position of its first entry, from 0.
  start     bigint not null,
  -- Of its first entry: by which the batch of an entry is found.
  first_xid xid8 not null,
  first_seq bigint not null,
  xids      xid8[] not null,
  seqs      bigint[] not null,
  leaves    bytea[] not null,
  placed_at timestamptz not null default now(),
  constraint audit_batches_pkey primary key (vasp_id, start),
  constraint audit_batches_whole check (cardinality(xids) between 1 and 1024
    and cardinality(seqs) = cardinality(xids) and cardinality(leaves) = cardinality(xids))
);
-- Hashes do not compress.
alter table audit_batches alter column leaves set storage external;
create unique index audit_batches_first on audit_batches (vasp_id, first_xid, first_seq);

-- Roots of complete subtrees of 256^level leaves, so that a proof needs few hashes of a long log. Computed from the leaves, and
-- computed again by whoever verifies.
create table audit_subtrees (
  vasp_id text not null,
  level   integer not null,
  index   bigint not null,
  hash    bytea not null,
  constraint audit_subtrees_pkey primary key (vasp_id, level, index)
);

-- Signed tree heads, as C2SP tlog-checkpoint notes.
create table audit_checkpoints (
  vasp_id   text not null,
  size      bigint not null,
  note      text not null,
  signed_at timestamptz not null,
  constraint audit_checkpoints_pkey primary key (vasp_id, size)
);

create trigger audit_batches_append_only before update or delete or truncate on audit_batches
  for each statement execute function refuse_change();
create trigger audit_subtrees_append_only before update or delete or truncate on audit_subtrees
  for each statement execute function refuse_change();
create trigger audit_checkpoints_append_only before update or delete or truncate on audit_checkpoints
  for each statement execute function refuse_change();
