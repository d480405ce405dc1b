-- Releases by one person alone in an emergency are few, and looked for by themselves.
create index transfer_events_break_glass on transfer_events (vasp_id) where type = 'break-glass';
