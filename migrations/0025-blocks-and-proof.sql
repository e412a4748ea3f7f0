-- A block binds mail that is as unproven as the one it was made about: a forger's mail must not shut out the person whose
-- name it bore. Of blocks made before, the mail itself says how proven it was; where it no longer does, the block binds
-- only what nothing proves.

alter table blocked_sender add column proof text;
update blocked_sender b
   set proof = coalesce((
     select case when m.authenticity like 'pass:%' then 'pass'
                 when m.authenticity like 'fail:%' then 'fail'
                 else 'none' end
       from message m
      where m.from_email = b.email and m.disposition = 'rejected' and m.decided_at <= b.created_at + interval '1 minute'
      order by m.decided_at desc, m.id desc
      limit 1), 'none');
alter table blocked_sender
  alter column proof set not null,
  add check (proof in ('pass', 'none', 'fail'));

-- The held messages that a list numbered, in its order: an answer names them by their numbers.
create table listed_message (
  token_id   bigint not null references token on delete cascade,
  position   integer not null check (position > 0),
  message_id bigint not null references message,
  primary key (token_id, position),
  unique (token_id, message_id)
);
create index on listed_message (message_id);
create function lists_only() returns trigger language plpgsql as $$
begin
  if (select purpose from token where id = new.token_id) is distinct from 'list' then
    raise exception 'token %: only that of a list numbers messages', new.token_id;
  end if;
  return new;
end $$;
create trigger lists_only before insert or update on listed_message for each row execute function lists_only();
