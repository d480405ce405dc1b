-- Ids under which a counterparty speaks of transfers that have another id here: deposits that were seen before their data. Such an id is
-- never a transfer's own id.
create table exchange_ids (
  vasp_id     text not null,
  exchange_id uuid not null,
  transfer_id uuid not null,
  constraint exchange_ids_pkey primary key (vasp_id, exchange_id),
  constraint exchange_ids_one_each unique (vasp_id, transfer_id)
);
-- Deposits whose originating VASP is not known yet: what a request must be compared with before it makes a transfer of its own. Few.
create index transfers_deposits on transfers (vasp_id, address_index)
  where role = 'beneficiary' and counterparty_id is null;
