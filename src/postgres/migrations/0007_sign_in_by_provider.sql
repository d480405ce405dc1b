-- Sign-ins by the identity provider that are under way: what its answer must prove, and where the person wanted to go. Of the state and of
-- the browser's cookie only the SHA-256 is kept. A row is taken once, by the browser that began.
create table console_sign_ins (
  state_hash    bytea not null,
  browser_hash  bytea not null,
  nonce         text not null,
  code_verifier text not null,
  return_to     text not null,
  -- The session in which the browser was before: it ends when the new one begins.
  former        uuid,
  former_of     text,
  expires_at    timestamptz not null,
  constraint console_sign_ins_pkey primary key (state_hash)
);
create index console_sign_ins_expired on console_sign_ins (expires_at);
