-- Who was looked for in a screening, with the salts of the commitments in its record: encrypted under the transfer's data key, so that it
-- goes with it. Null for what was screened before.
alter table screenings add column openings bytea;
