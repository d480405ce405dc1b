-- What a local VASP has decided for itself, version by version. In force is the highest published version; before the first one, the
-- policy of the VASPs file. A version is published by another natural person than its author, on what the author saw in force.
create table policies (
  vasp_id         text not null,
  version         integer not null,
  -- SHA-256 (base64url) of the policy's canonical JSON (RFC 8785).
  hash            text not null,
  policy          jsonb not null,
  -- What was in force when it was proposed.
  base_hash       text not null,
  state           text not null
                  constraint policies_state_known check (state in ('proposed', 'published', 'withdrawn')),
  author          text not null,
  author_person   text not null,
  proposed_at     timestamptz not null,
  approver        text,
  approver_person text,
  ended_at        timestamptz,
  constraint policies_pkey primary key (vasp_id, version),
  constraint policies_two_persons check (approver <> author and approver_person <> author_person),
  constraint policies_published
    check ((state = 'published') = (approver is not null) and (approver is null) = (approver_person is null)),
  constraint policies_ended check ((state = 'proposed') = (ended_at is null))
);
create unique index policies_one_proposed on policies (vasp_id) where state = 'proposed';

-- What was proposed never changes, and what was published or withdrawn stays so.
create function keep_policies() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'policies are never deleted' using constraint = 'policies_kept';
  end if;
  if old.state <> 'proposed'
     or (old.hash, old.policy, old.base_hash, old.author, old.author_person, old.proposed_at)
        is distinct from (new.hash, new.policy, new.base_hash, new.author, new.author_person, new.proposed_at)
  then
    raise exception 'a policy that was published or withdrawn, and what was proposed, never change' using constraint = 'policies_kept';
  end if;
  return new;
end $$;
create trigger policies_kept before update or delete on policies for each row execute function keep_policies();
