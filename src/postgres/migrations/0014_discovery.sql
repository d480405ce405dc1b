-- Domains of a counterparty, each with who says so: `card` is the counterparty itself, others are registers and directories. By these a
-- domain or a travel address is led back to its VASP; two VASPs that claim one domain make it ambiguous, and nobody is chosen.
create table counterparty_domains (
  vasp_id         text not null,
  domain          text not null
                  constraint counterparty_domains_lower check (domain = lower(domain)),
  counterparty_id text not null,
  source          text not null,
  reference       text not null,
  seen_at         timestamptz not null,
  constraint counterparty_domains_pkey primary key (vasp_id, domain, counterparty_id, source),
  constraint counterparty_domains_of foreign key (vasp_id, counterparty_id) references counterparties
    deferrable initially deferred
);
create index counterparty_domains_by on counterparty_domains (vasp_id, counterparty_id);

-- The hosts in the cards on file (compact JWS; base64url without padding).
insert into counterparty_domains (vasp_id, domain, counterparty_id, source, reference, seen_at)
select distinct on (c.vasp_id, host.name, c.id) c.vasp_id, host.name, c.id, 'card', 'card version ' || c.card_version, c.updated_at
  from counterparties c
 cross join lateral (select translate(split_part(c.card, '.', 2), '-_', '+/') as text) body
 cross join lateral (select convert_from(decode(rpad(body.text, (length(body.text) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb as json
                      where c.card ~ '^[\w-]+\.[\w-]+\.[\w-]+$') card
 cross join lateral jsonb_array_elements(coalesce(card.json->'reach', '[]')) reach
 cross join lateral (select lower(substring(coalesce(reach->>'url', reach->>'endpoint') from '^(?:https://)?([A-Za-z0-9.-]+)')) as name) host
 where host.name is not null and host.name ~ '[a-z]';

-- No transfer comes into being with a suspended counterparty and without the hold that says so, whatever its writer knew. A suspension
-- takes the exclusive side of the same lock, so that each new transfer is either seen by the suspension, or sees it.
create function counterparty_lock(vasp text, counterparty text) returns bigint language sql immutable as $$
  select hashtextextended(vasp || '/' || counterparty, 2231541003)
$$;
create function hold_for_suspension() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(counterparty_lock(new.vasp_id, new.counterparty_id));
  if exists (select from counterparties c
              where c.vasp_id = new.vasp_id and c.id = new.counterparty_id and c.suspension is not null)
     and not exists (select from holds h
                      where h.vasp_id = new.vasp_id and h.transfer_id = new.id and h.reason = 'COUNTERPARTY_SUSPENDED')
  then
    raise exception 'the counterparty has just been suspended' using constraint = 'transfers_counterparty_free';
  end if;
  return null;
end $$;
create constraint trigger transfers_counterparty_free after insert on transfers
  deferrable initially deferred for each row
  when (new.counterparty_id is not null and not new.exempt and new.state in ('started', 'pending', 'review', 'repair', 'accepted'))
  execute function hold_for_suspension();

-- A register may also say the contrary (`refuted`, a code); an officer's proof may name the document that was seen and the perimeter.
alter table counterparty_proofs
  add column refuted         text,
  add column document_sha256 text
    constraint counterparty_proofs_sha256 check (document_sha256 ~ '^[0-9a-f]{64}$'),
  add column perimeter       text
    constraint counterparty_proofs_perimeter_known check (perimeter in ('AIFC', 'NATIONAL'));
