-- Another VASP as one local VASP knows it.
create table counterparties (
  vasp_id      text not null,
  id           text not null,
  legal_name   text not null,
  country      text not null,
  lei          text,
  card         text not null,
  card_version integer not null,
  suspension   jsonb,
  version      integer not null,
  updated_at   timestamptz not null default now(),
  constraint counterparties_pkey primary key (vasp_id, id)
);
create index counterparties_lei on counterparties (vasp_id, lei) where lei is not null;

-- Pinned public keys; rows are added and revoked, never removed, so that old envelopes stay checkable.
create table counterparty_keys (
  vasp_id         text not null,
  counterparty_id text not null,
  kid             text not null,
  use             text not null constraint counterparty_keys_use_known check (use in ('sig', 'enc')),
  alg             text not null,
  jwk             jsonb not null,
  not_before      timestamptz not null,
  not_after       timestamptz not null,
  revoked_at      timestamptz,
  constraint counterparty_keys_pkey primary key (vasp_id, kid),
  constraint counterparty_keys_owner foreign key (vasp_id, counterparty_id) references counterparties
    deferrable initially deferred
);
create index counterparty_keys_of on counterparty_keys (vasp_id, counterparty_id, use);

-- Evidence for the conditions of VERIFIED; the newest of a kind counts.
create table counterparty_proofs (
  vasp_id         text not null,
  counterparty_id text not null,
  kind            text not null,
  source          text not null,
  reference       text not null,
  proven_at       timestamptz not null,
  expires_at      timestamptz not null,
  constraint counterparty_proofs_pkey primary key (vasp_id, counterparty_id, kind, proven_at, reference),
  constraint counterparty_proofs_of foreign key (vasp_id, counterparty_id) references counterparties
    deferrable initially deferred
);
