-- A mail that the server refused for its size goes out without the files it passes on; its reader is told so.

alter table outbox add column files_left_out text;
alter table outbox add constraint outbox_only_files_passed_on_are_left_out
  check (files_left_out is null or attachments_of is not null);

create or replace function outbox_bytes_are_final() returns trigger language plpgsql as $$
begin
  if new.message_id <> old.message_id then
    raise exception 'outbox %: the Message-ID of a mail never changes', old.id;
  end if;
  if new.mime is not distinct from old.mime then
    return new;
  end if;
  -- written once, before the first try; once it is sent they may be dropped
  if old.mime is null and old.state <> 'sent' or new.mime is null and new.state = 'sent' then
    return new;
  end if;
  -- refused by the server in any case, and given up for others: of another sender, or without files
  if new.mime is null and new.state = 'deferred'
     and (new.sender_refused_at is distinct from old.sender_refused_at
          or old.files_left_out is null and new.files_left_out is not null) then
    return new;
  end if;
  raise exception 'outbox %: the bytes of a mail never change once written', old.id;
end $$;
