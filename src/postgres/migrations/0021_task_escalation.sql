-- When a task about a counterparty ran past its deadline and went to the MLRO.
alter table counterparty_tasks add column escalated_at timestamptz;
