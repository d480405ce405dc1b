-- The gateway's own role: it may only add to what must never change (audit log, history, tombstones), and owns nothing, so that it can
-- neither switch off a trigger nor give itself a right. Run as the owner of the tables, after `tamga migrate` and again after each upgrade:
--   psql -v ON_ERROR_STOP=1 -v role=tamga_gateway -f deploy/postgres/gateway-role.sql
-- The role itself is made once: create role tamga_gateway login password '…'
-- Then `tamga migrate` runs with the owner's connection string, and `tamga serve` with this role's.
begin;
revoke all on all tables in schema public from :"role";
grant usage on schema public to :"role";
grant select, insert, update, delete on all tables in schema public to :"role";
grant usage on all sequences in schema public to :"role";
revoke update, delete, truncate on audit_entries, audit_batches, audit_subtrees, audit_checkpoints, transfer_events, tombstones
  from :"role";
revoke insert, update, delete on migrations from :"role";
revoke create on schema public from public;
commit;
