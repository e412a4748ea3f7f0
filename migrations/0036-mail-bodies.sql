-- A mail to several readers is encoded and kept once: the body has gaps, and a row of the outbox holds what fills them.

create table mail_body (
  id      bigint generated always as identity primary key,
  -- the whole mail but for its gaps
  encoded bytea not null,
  -- offset of a gap, what fills it, and so on: 0 the sender, 1 To, 2 Message-ID, from 3 on reply tokens, from -1 down files
  gaps    integer[] not null check (cardinality(gaps) % 2 = 0),
  -- as people read it, without reply tokens
  subject text not null
);
-- the files that go along, in order; their contents may be written later in the same transaction
create table mail_body_file (
  body_id  bigint not null references mail_body on delete cascade,
  position integer not null,
  sha256   text not null references blob deferrable initially deferred,
  primary key (body_id, position)
);
do $$ begin
  alter table mail_body alter column encoded set compression lz4;
exception when feature_not_supported then
  -- this server was built without it
end $$;

create function mail_bodies_are_final() returns trigger language plpgsql as $$
begin
  raise exception 'mail_body %: the bytes of a mail never change once written', old.id;
end $$;
create trigger mail_bodies_are_final before update on mail_body for each row execute function mail_bodies_are_final();
create trigger mail_body_files_are_final before update on mail_body_file for each row execute function mail_bodies_are_final();

alter table outbox
  add column body_id bigint references mail_body,
  -- what fills the gaps of its body: the To header, then each reply token
  add column slots text[],
  add constraint outbox_slots_fill_a_body check ((body_id is null) = (slots is null)),
  -- those of earlier versions hold their words, and bytes of their own
  alter column subject drop not null,
  alter column text drop not null,
  alter column html drop not null,
  add constraint outbox_says_something check (body_id is not null or subject is not null and text is not null and html is not null),
  drop constraint outbox_only_files_passed_on_are_left_out,
  add constraint outbox_only_files_passed_on_are_left_out
    check (files_left_out is null or attachments_of is not null or body_id is not null);
create index outbox_body on outbox (body_id);

-- Its From is chosen when a mail is first claimed to be sent. Until then another may take its place.
update outbox set sent_as = from_address where mime is not null and sent_as is null;
drop index fold_waiting;
create unique index fold_waiting on outbox (fold_key, recipient) where state = 'queued' and sent_as is null and fold_key is not null;

-- what was sent is never changed
create or replace function outbox_bytes_are_final() returns trigger language plpgsql as $$
declare
  -- refused by the server in any case, and given up for others: of another sender, or without files
  of_another boolean := new.state = 'deferred' and new.sender_refused_at is distinct from old.sender_refused_at;
  without_files boolean := new.state = 'deferred' and old.files_left_out is null and new.files_left_out is not null;
begin
  if new.message_id <> old.message_id then
    raise exception 'outbox %: the Message-ID of a mail never changes', old.id;
  end if;
  if new.mime is distinct from old.mime
     -- written once, before the first try; once it is sent they may be dropped
     and not (old.mime is null and old.body_id is null and old.state <> 'sent' or new.mime is null and new.state = 'sent')
     and not (new.mime is null and (of_another or without_files))
     or old.sent_as is not null and new.sent_as is distinct from old.sent_as
     and not (new.sent_as is null and of_another)
     or (new.body_id, new.slots) is distinct from (old.body_id, old.slots)
     and not (old.body_id is null and old.mime is null)
     and not (old.state = 'queued' and old.sent_as is null and old.sender_refused_at is null)
     and not (new.slots = old.slots and without_files) then
    raise exception 'outbox %: the bytes of a mail never change once written', old.id;
  end if;
  return new;
end $$;
drop trigger outbox_bytes_are_final on outbox;
create trigger outbox_bytes_are_final before update of mime, message_id, body_id, slots, sent_as on outbox
  for each row execute function outbox_bytes_are_final();
