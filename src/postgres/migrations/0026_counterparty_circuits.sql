-- Counterparties that left a message without a receipt through several attempts. While `next_ping_at` is set they are pinged; from
-- `opened_at` on they count as silent: nothing but pings is sent again to them, and new transfers are held. `heard_at` is when they last
-- answered after that. One row per counterparty that ever was in question.
create table counterparty_circuits (
  vasp_id         text not null,
  counterparty_id text not null,
  -- The message that brought it here, and the newest ping.
  message_jti     text not null,
  ping_jti        text,
  suspected_at    timestamptz not null,
  opened_at       timestamptz,
  next_ping_at    timestamptz,
  heard_at        timestamptz,
  constraint counterparty_circuits_pkey primary key (vasp_id, counterparty_id)
);
