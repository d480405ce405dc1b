-- Local accounts of the persons who work at consoles. One account may have roles at several local VASPs; `vasp_id` is the one whose
-- key-encryption key wraps the account's data key, and whose audit log tells of it. Display name and the secret of the second factor
-- are encrypted by the data key; passwords are kept as scrypt hashes only.
create table operators (
  subject        text not null,
  vasp_id        text not null,
  natural_person text not null,
  password_hash  text not null,
  data_key       bytea not null,
  display_name   bytea not null,
  totp_secret    bytea,
  -- Time step (RFC 6238) of the last code that was taken: no code counts twice.
  spent_step     bigint not null,
  failures       integer not null,
  locked_until   timestamptz,
  disabled_at    timestamptz,
  -- Tokens and sessions from before are void.
  valid_from     timestamptz not null,
  version        integer not null,
  created_at     timestamptz not null default now(),
  constraint operators_pkey primary key (subject)
);
-- What an account may do, per local VASP.
create table operator_roles (
  vasp_id text not null,
  subject text not null,
  role    text not null
          constraint operator_roles_known
          check (role in ('analyst', 'senior', 'mlro', 'auditor', 'admin', 'break-glass')),
  constraint operator_roles_pkey primary key (vasp_id, subject, role),
  constraint operator_roles_of foreign key (subject) references operators deferrable initially deferred
);
create index operator_roles_subject on operator_roles (subject);
