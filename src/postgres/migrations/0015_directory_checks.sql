-- When a register or directory is to be asked again about a counterparty, and what it said last. One row per counterparty and source. Of
-- several replicas one takes a due row, by moving `next_at` past its lease; a replica that dies lets it become due again.
create table directory_checks (
  vasp_id         text not null,
  counterparty_id text not null,
  source          text not null,
  next_at         timestamptz not null,
  -- How often in a row the source could not be asked.
  failures        integer not null default 0,
  outcome         text
                  constraint directory_checks_outcome_known
                  check (outcome in ('proven', 'refuted', 'absent', 'unclear', 'failed')),
  -- Why, where it is no proof.
  code            text,
  reference       text,
  checked_at      timestamptz,
  constraint directory_checks_pkey primary key (vasp_id, counterparty_id, source),
  constraint directory_checks_of foreign key (vasp_id, counterparty_id) references counterparties
    deferrable initially deferred
);
create index directory_checks_due on directory_checks (next_at);
