-- What officers decided about a counterparty and what they know of it: limits, a floor of risk, the newest questionnaire, restrictions.
alter table counterparties add column diligence jsonb not null default '{}';

-- Every questionnaire that a counterparty answered, as it was recorded; the newest one also stands with the counterparty.
create table counterparty_questionnaires (
  vasp_id         text not null,
  counterparty_id text not null,
  id              uuid not null,
  form            text not null,
  answers         jsonb not null,
  recorded_by     text not null,
  recorded_at     timestamptz not null,
  constraint counterparty_questionnaires_pkey primary key (vasp_id, id),
  constraint counterparty_questionnaires_of foreign key (vasp_id, counterparty_id) references counterparties
    deferrable initially deferred
);
create index counterparty_questionnaires_by on counterparty_questionnaires (vasp_id, counterparty_id, recorded_at);
create trigger counterparty_questionnaires_append_only before update or delete or truncate on counterparty_questionnaires
  for each statement execute function refuse_change();

-- What a person must decide about a counterparty. New keys that no pinned key vouches for are accepted by two natural persons or not at
-- all; the columns that end in `_person` are the natural persons behind the accounts, as policy names them.
create table counterparty_tasks (
  vasp_id         text not null,
  id              uuid not null,
  counterparty_id text not null,
  kind            text not null
                  constraint counterparty_tasks_kind_known check (kind in ('KEYS_CHANGED', 'REPEATED_FAILURE')),
  -- Codes, figures and thumbprints.
  finding         jsonb not null,
  -- The card with the new keys, as it was signed.
  card            text,
  state           text not null
                  constraint counterparty_tasks_state_known check (state in ('open', 'proposed', 'done')),
  opened_at       timestamptz not null,
  deadline        timestamptz not null,
  decision        text
                  constraint counterparty_tasks_decision_known
                  check (decision in ('ACCEPT_KEYS', 'REFUSE_KEYS', 'WARN', 'RESTRICT', 'DISMISS')),
  reason          text,
  -- As in the number of a letter.
  reference       text,
  decider         text,
  decider_person  text,
  decided_at      timestamptz,
  approver        text,
  approver_person text,
  approved_at     timestamptz,
  constraint counterparty_tasks_pkey primary key (vasp_id, id),
  constraint counterparty_tasks_of foreign key (vasp_id, counterparty_id) references counterparties
    deferrable initially deferred,
  constraint counterparty_tasks_card check ((kind = 'KEYS_CHANGED') = (card is not null)),
  constraint counterparty_tasks_decided
    check ((state = 'open') = (decision is null) and (decision is null) = (decider is null)
       and (decider is null) = (decider_person is null) and (decider is null) = (decided_at is null)),
  constraint counterparty_tasks_fitting
    check (decision is null or (kind = 'KEYS_CHANGED') = (decision in ('ACCEPT_KEYS', 'REFUSE_KEYS'))),
  constraint counterparty_tasks_two_persons
    check (approver <> decider and approver_person <> decider_person),
  constraint counterparty_tasks_keys_take_two
    check (not (state = 'done' and decision = 'ACCEPT_KEYS') or approver_person is not null),
  constraint counterparty_tasks_approved
    check ((approver is null) = (approver_person is null) and (approver is null) = (approved_at is null)),
  constraint counterparty_tasks_proposed check (state <> 'proposed' or decision = 'ACCEPT_KEYS')
);
create unique index counterparty_tasks_one_open on counterparty_tasks (vasp_id, counterparty_id, kind) where state <> 'done';
create index counterparty_tasks_queue on counterparty_tasks (vasp_id, state, deadline, id);

-- A task that is done stays as it is, and what it is about is never rewritten.
create function keep_counterparty_tasks() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'tasks are never deleted' using constraint = 'counterparty_tasks_kept';
  end if;
  if old.state = 'done'
     or (old.counterparty_id, old.kind, old.finding, old.card, old.opened_at)
        is distinct from (new.counterparty_id, new.kind, new.finding, new.card, new.opened_at)
  then
    raise exception 'a task that is done, and what a task is about, never change' using constraint = 'counterparty_tasks_kept';
  end if;
  return new;
end $$;
create trigger counterparty_tasks_kept before update or delete on counterparty_tasks
  for each row execute function keep_counterparty_tasks();

-- A transfer that asks for no exchange is not begun with a suspended counterparty either.
drop trigger transfers_counterparty_free on transfers;
create constraint trigger transfers_counterparty_free after insert on transfers
  deferrable initially deferred for each row
  when (new.counterparty_id is not null and new.state in ('started', 'pending', 'review', 'repair', 'accepted'))
  execute function hold_for_suspension();
