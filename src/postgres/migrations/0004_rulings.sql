-- Why a transfer was judged as it was: the facts given to the rules (which elements were there, never their values) and the packs that
-- judged them, by version and hash, so that the decision can be replayed. One row per judgement.
create table rulings (
  vasp_id     text not null,
  transfer_id uuid not null,
  version     integer not null,
  record      jsonb not null,
  constraint rulings_pkey primary key (vasp_id, transfer_id, version)
);
