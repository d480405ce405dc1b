-- Attempts to sign in at the console, counted over all replicas: by SHA-256 of the address, and of address and login. Rows count for a
-- minute and are forgotten soon after, so it does not matter that a crash of the database loses them.
create unlogged table console_attempts (
  who      bytea not null,
  began_at timestamptz not null,
  attempts integer not null,
  constraint console_attempts_pkey primary key (who)
);
create index console_attempts_began on console_attempts (began_at);
