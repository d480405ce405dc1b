-- Persons whom an identity provider's token has named at a local VASP, with what the newest one said: so that holds can be given to
-- them, and accounts of one human being are known as such while somebody else acts.
create table people_seen (
  vasp_id        text not null,
  subject        text not null,
  natural_person text not null,
  roles          text[] not null,
  seen_at        timestamptz not null,
  constraint people_seen_pkey primary key (vasp_id, subject)
);
