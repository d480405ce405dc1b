-- Who works on a hold, and who may decide on it.
alter table holds
  add column assignee text,
  add column level    text not null default 'analyst'
    constraint holds_level_known check (level in ('analyst', 'mlro'));
create index holds_assigned on holds (vasp_id, assignee, deadline, id) where state = 'open';

-- Releases that one natural person proposes and another one approves. `proposer` and `approver` are accounts; the columns that end in
-- `_person` are the natural persons behind them, as policy names them, so that two accounts of one person do not make two persons.
create table release_proposals (
  vasp_id         text not null,
  id              uuid not null,
  hold_id         uuid not null,
  proposer        text not null,
  proposer_person text not null,
  reason          text not null,
  -- Why: encrypted, among the notes of the hold.
  note_id         uuid not null,
  -- What the proposer saw.
  seen_hash       text not null,
  proposed_at     timestamptz not null,
  expires_at      timestamptz not null,
  state           text not null
                  constraint release_proposals_state_known check (state in ('open', 'approved', 'withdrawn', 'void')),
  ended_at        timestamptz,
  why             text,
  approver        text,
  approver_person text,
  constraint release_proposals_pkey primary key (vasp_id, id),
  constraint release_proposals_hold foreign key (vasp_id, hold_id) references holds deferrable initially deferred,
  constraint release_proposals_note foreign key (vasp_id, note_id) references hold_notes deferrable initially deferred,
  constraint release_proposals_two_persons check (approver <> proposer and approver_person <> proposer_person),
  constraint release_proposals_approved
    check ((state = 'approved') = (approver is not null) and (approver is null) = (approver_person is null)),
  constraint release_proposals_ended
    check ((state = 'open') = (ended_at is null) and (ended_at is null) = (why is null)),
  constraint release_proposals_in_time check (state <> 'approved' or ended_at < expires_at)
);
create unique index release_proposals_one_open on release_proposals (vasp_id, hold_id) where state = 'open';
create index release_proposals_of_hold on release_proposals (vasp_id, hold_id);

-- An ended proposal stays as it ended, and who proposed what is never rewritten.
create function keep_proposals() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'proposals are never deleted' using constraint = 'release_proposals_kept';
  end if;
  if old.state <> 'open'
     or (old.hold_id, old.proposer, old.proposer_person, old.reason, old.note_id, old.seen_hash, old.proposed_at, old.expires_at)
        is distinct from
        (new.hold_id, new.proposer, new.proposer_person, new.reason, new.note_id, new.seen_hash, new.proposed_at, new.expires_at)
  then
    raise exception 'an ended proposal, and what was proposed, never change' using constraint = 'release_proposals_kept';
  end if;
  return new;
end $$;
create trigger release_proposals_kept before update or delete on release_proposals
  for each row execute function keep_proposals();
