-- A message whose signature could not be checked for want of a key (the name servers did not answer) waits and is
-- checked again, a few times; then its writer is asked.

alter table message add column key_waits smallint not null default 0;
