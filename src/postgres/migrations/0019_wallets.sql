-- A question to the owner of a self-hosted wallet, answered once. Account, customer and message lie in `secret`, encrypted by the row's own
-- data key.
create table wallet_challenges (
  vasp_id     text not null,
  id          uuid not null,
  method      text not null,
  data_key    bytea not null,
  secret      bytea not null,
  issued_at   timestamptz not null,
  expires_at  timestamptz not null,
  used_at     timestamptz,
  constraint wallet_challenges_pkey primary key (vasp_id, id)
);

-- A proof that a customer controls an account, until it expires or is revoked. Several may stand for one account; any that is good counts.
create table wallets (
  vasp_id       text not null,
  id            uuid not null,
  -- HMAC of account and customer, and of the account alone.
  owner_index   bytea not null,
  account_index bytea not null,
  method        text not null,
  challenge_id  uuid,
  data_key      bytea not null,
  secret        bytea not null,
  proven_by     text not null,
  proven_at     timestamptz not null,
  expires_at    timestamptz not null,
  revoked_at    timestamptz,
  revoked_by    text,
  revoke_reason text,
  constraint wallets_pkey primary key (vasp_id, id),
  constraint wallets_challenge foreign key (vasp_id, challenge_id) references wallet_challenges,
  -- A challenge proves one wallet.
  constraint wallets_challenge_once unique (vasp_id, challenge_id),
  constraint wallets_revoked check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoke_reason is null))
);
create index wallets_of_owner on wallets (vasp_id, owner_index);
create index wallets_of_account on wallets (vasp_id, account_index);
create index wallets_newest on wallets (vasp_id, proven_at desc, id desc);
