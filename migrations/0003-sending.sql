-- Whom mails are from, where the server does not let a login send as every queue.

-- `queue add --from`: the From of a queue whose own address the login may not use
alter table queue add column from_address text check (from_address = lower(from_address));

-- what the server refused to send as, for a queue or for the desk itself; older ones are tried again
create table sender_refused (
  queue      text not null,
  sender     text not null,
  refused_at timestamptz not null default now(),
  primary key (queue, sender)
);

alter table outbox
  -- the From of the bytes
  add column sent_as text,
  -- when the server last refused that From: the mail is then composed anew
  add column sender_refused_at timestamptz;

-- what was sent is never changed, and what may have been sent only where the server refused its From
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
  if new.mime is null and new.state = 'deferred' and new.sender_refused_at is distinct from old.sender_refused_at then
    return new;
  end if;
  raise exception 'outbox %: the bytes of a mail never change once written', old.id;
end $$;
