-- What an admin watches: the daily account, the mode after an old backup, and when each server was last reached.

alter table desk
  -- the last day (in the desk's time zone) whose account was written to the log
  add column accounted_on date,
  -- an older backup came back: mail is held until an admin releases it; null: it is not
  add column restored_at timestamptz;

create table last_success (
  -- `mailbox user@host/folder`, `smtp host:port`
  what text primary key,
  at   timestamptz not null
);
