-- A mailbox or the mail server that does not work, so that administrators are told once, however many workers see it.

create table outage (
  -- `user@host/folder` of a mailbox, `host:port` of the mail server
  part     text primary key,
  -- what is wrong: the login is refused, nobody answers, the answers are of no use
  kind     text not null check (kind in ('auth_refused', 'unreachable', 'protocol')),
  -- in words, without a secret
  said     text not null,
  since    timestamptz not null default now(),
  -- when a worker last found it so; one that nobody has found so for half an hour is over
  seen_at  timestamptz not null default now(),
  ended_at timestamptz,
  -- when administrators were last told by mail
  told_at  timestamptz
);
