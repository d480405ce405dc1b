-- Where a local VASP wants to be told of events, and the one place that it lets decide on inbound transfers (whose secret is in the
-- settings). Each follows the stream of transfer_events from a cursor of its own; one replica at a time holds its lease.
create table webhook_endpoints (
  vasp_id         text not null,
  id              uuid not null,
  kind            text not null
                  constraint webhook_endpoints_kind_known check (kind in ('events', 'decision')),
  url             text not null,
  -- Event types of transfer_events; null is all.
  event_types     text[],
  disabled_reason text
                  constraint webhook_endpoints_reason_known check (disabled_reason in ('ADMIN', 'GONE', 'FAILING')),
  disabled_at     timestamptz,
  -- Signing secrets, encrypted under the row's own data key, which is wrapped by a key-encryption key outside the database.
  data_key        bytea,
  secret          bytea,
  previous_secret bytea,
  overlap_until   timestamptz,
  cursor_xid      xid8 not null,
  cursor_seq      bigint not null,
  failures        integer not null default 0,
  failing_since   timestamptz,
  next_attempt_at timestamptz not null default '-infinity',
  lease           uuid,
  leased_until    timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_failure    text,
  created_at      timestamptz not null default now(),
  constraint webhook_endpoints_pkey primary key (vasp_id, id),
  constraint webhook_endpoints_disabled check ((disabled_reason is null) = (disabled_at is null)),
  constraint webhook_endpoints_signed
    check ((kind = 'decision') = (secret is null) and (secret is null) = (data_key is null)),
  constraint webhook_endpoints_overlap check ((previous_secret is null) = (overlap_until is null))
);
create unique index webhook_endpoints_one_decision on webhook_endpoints (vasp_id) where kind = 'decision';

-- Messages that failed while others got through: tried again by the schedule, or given up. Deleted once they are delivered.
create table webhook_retries (
  vasp_id         text not null,
  endpoint_id     uuid not null,
  xid             xid8 not null,
  seq             bigint not null,
  attempts        integer not null,
  -- Null: given up.
  next_attempt_at timestamptz,
  code            text not null,
  constraint webhook_retries_pkey primary key (vasp_id, endpoint_id, xid, seq),
  constraint webhook_retries_of foreign key (vasp_id, endpoint_id) references webhook_endpoints
);
create index webhook_retries_due on webhook_retries (vasp_id, endpoint_id, next_attempt_at);
