-- What commands say of a ticket beside its state, and what taking a command back restores.

alter table ticket
  add column priority text not null default 'normal' check (priority in ('high', 'normal', 'low')),
  -- of work, logged so far
  add column minutes integer not null default 0 check (minutes >= 0),
  -- how it is worked on; null: nobody said
  add column mode text check (mode in ('remote', 'on-site', 'phone', 'outsourcing'));

-- the fields of the ticket as they were before a command, which its writer may take back; null: nothing can be taken back
alter table ticket_event
  add column before jsonb
    check (before is null or (jsonb_typeof(before) = 'object'
           and type in ('taken', 'handed_over', 'closed', 'reopened', 'categorised', 'prioritised', 'time_logged',
                        'mode_set')));
create index on ticket_event (ticket_id, actor, id) where before is not null;
