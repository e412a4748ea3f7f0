-- What `kticket log` tells beside mail and tickets: outages, and when workers started and stopped.

create table outage_history (
  id       bigint generated always as identity primary key,
  what     text not null check (what in ('mailbox', 'smtp', 'database')),
  -- as in `outage`; of the database `database`
  part     text not null,
  -- in words, without a secret
  said     text not null,
  began_at timestamptz not null,
  -- when a worker last found it so
  seen_at  timestamptz not null,
  -- null: it lasts
  ended_at timestamptz,
  check (ended_at >= began_at)
);
-- whichever worker sees it
create unique index outage_history_one_at_a_time on outage_history (part) where ended_at is null;
create index outage_history_times on outage_history (coalesce(ended_at, 'infinity'));

create table worker_run (
  id         bigint generated always as identity primary key,
  version    text not null,
  started_at timestamptz not null default clock_timestamp(),
  -- null: it works, or was killed
  stopped_at timestamptz
);
create index worker_run_times on worker_run using brin (started_at, stopped_at) with (pages_per_range = 32, autosummarize = on);
