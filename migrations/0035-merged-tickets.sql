-- A ticket that joined another of the same company (`unire a #N`): its state is closed, and what comes to it goes to the other.
alter table ticket
  add column merged_into bigint,
  add column is_merged boolean not null generated always as (merged_into is not null) stored,
  -- what the other ticket must be: none that was merged itself, now or later
  add column joins_merged boolean generated always as (case when merged_into is null then null else false end) stored;
alter table ticket add constraint merged_is_closed check (merged_into is null or state = 'closed');
alter table ticket add constraint merged_into_another check (merged_into <> id);
alter table ticket add constraint may_be_joined unique (id, company_id, is_merged);
-- of the same company (promise 4), and no chains
alter table ticket add constraint joins_one_of_its_company
  foreign key (merged_into, company_id, joins_merged) references ticket (id, company_id, is_merged);
create index on ticket (merged_into) where merged_into is not null;

-- a merge may be taken back
alter table ticket_event drop constraint ticket_event_check;
alter table ticket_event add constraint only_changes_are_undone
  check (before is null or (jsonb_typeof(before) = 'object'
         and type in ('taken', 'handed_over', 'closed', 'reopened', 'categorised', 'prioritised', 'time_logged', 'mode_set',
                      'merged')));
