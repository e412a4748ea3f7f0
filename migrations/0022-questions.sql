-- A question keeps what it said that a yes does; a yes counts for the question that was asked, and for nobody else's.
alter table token add column asked_command text check (asked_command <> '');
alter table token add column asked_ticket_id bigint references ticket;
alter table token add column asked_hash bytea check (octet_length(asked_hash) = 32);
-- the address that `conferma sempre` makes one of the reader's
alter table token add column asked_alias text check (asked_alias = lower(asked_alias collate "C"));
create index on token (asked_ticket_id) where asked_ticket_id is not null;
-- the hash of nothing: a yes to a question from before this is answered with a new one, which says what it does
update token set asked_hash = decode(repeat('00', 32), 'hex') where purpose = 'confirmation';
alter table token add constraint confirmation_announces check ((purpose = 'confirmation') = (asked_hash is not null));
alter table token add constraint nothing_else_announces
  check (purpose = 'confirmation' or (asked_command is null and asked_ticket_id is null and asked_alias is null));

alter table message add column confirmed_with bigint;
-- a yes that was not carried out yet is asked for again
update message set confirmed_by = null where confirmed_by is not null;
alter table message add constraint confirmed_with_its_question check ((confirmed_by is null) = (confirmed_with is null));
create unique index one_yes_confirms_once on message (confirmed_with) where confirmed_with is not null;
-- who said yes is who was asked, about this very message
alter table token add constraint question_of unique (id, message_id, staff_id);
alter table message add constraint answers_its_question
  foreign key (confirmed_with, id, confirmed_by) references token (id, message_id, staff_id);

-- Where a token may be written to, also when the desk or a queue has another address by then; '' where that is not known.
alter table token add column address text not null default '' check (address = lower(address collate "C"));
update token set address = lower(outbox.from_address collate "C") from outbox where outbox.id = token.outbox_id;
alter table token alter column address drop default;
