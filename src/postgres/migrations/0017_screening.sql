-- What was screened and what came of it: providers, list versions, ids of entries, scores and failures; no name and no address. One row
-- per screening of a transfer.
create table screenings (
  vasp_id     text not null,
  transfer_id uuid not null,
  version     integer not null,
  record      jsonb not null,
  constraint screenings_pkey primary key (vasp_id, transfer_id, version)
);
create trigger screenings_append_only before update or delete or truncate on screenings
  for each statement execute function refuse_change();
