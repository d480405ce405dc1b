-- By which a transfer is found: keyed hashes (HMAC, cut to 16 bytes) of the words of the parties' names and of the on-chain address,
-- never the words. They are made behind the transfers, by a worker, so that no transfer waits for them.
create table search_terms (
  vasp_id     text not null,
  term        bytea not null,
  transfer_id uuid not null,
  constraint search_terms_pkey primary key (vasp_id, term, transfer_id),
  constraint search_terms_length check (length(term) = 16)
);
create index search_terms_of on search_terms (vasp_id, transfer_id);

-- How far the worker has come in the events of each local VASP.
create table search_progress (
  vasp_id text not null,
  cursor  text not null,
  constraint search_progress_pkey primary key (vasp_id)
);

-- What is shredded is not found any more.
create function forget_search_terms() returns trigger language plpgsql as $$
begin
  delete from search_terms where vasp_id = new.vasp_id and transfer_id = new.id;
  return null;
end $$;
create trigger transfers_forgotten after update of data_key on transfers
  for each row when (new.data_key is null) execute function forget_search_terms();

-- Who saw personal data, for which purpose, and which fields: the audit log has the same. `note` is encrypted by the transfer's data key.
create table reveals (
  vasp_id     text not null,
  id          uuid not null,
  transfer_id uuid not null,
  person      text not null,
  purpose     text not null,
  fields      text[] not null,
  note        bytea,
  revealed_at timestamptz not null,
  constraint reveals_pkey primary key (vasp_id, id),
  constraint reveals_of foreign key (vasp_id, transfer_id) references transfers deferrable initially deferred
);
create index reveals_of_transfer on reveals (vasp_id, transfer_id, revealed_at);
create index reveals_at on reveals (vasp_id, revealed_at);
create trigger reveals_append_only before update or delete or truncate on reveals
  for each statement execute function refuse_change();
