-- The desk: who is known, what came in, what it became, what goes out.
-- Constraints here carry the promises; the code only has to respect them.

-- ── who is known ──────────────────────────────────────────────────────────────

create table company (
  id         bigint generated always as identity primary key,
  name       text not null check (name <> ''),
  -- two companies never differ by case or spaces alone
  name_key   text not null unique,
  contracts  text[] not null default '{}'
             check (contracts <@ array['on-site', 'remote', 'outsourcing', 'pay-per-use']),
  ended_at   timestamptz,
  created_at timestamptz not null default now()
);

create table company_domain (
  domain     text primary key check (domain = lower(domain)),
  company_id bigint not null references company,
  position   bigint generated always as identity
);
create index on company_domain (company_id);

create table contact (
  id          bigint generated always as identity primary key,
  email       text not null unique check (email = lower(email)),
  name        text not null default '',
  company_id  bigint not null references company,
  disabled_at timestamptz,
  created_at  timestamptz not null default now()
);
create index on contact (company_id);

create table staff (
  id          bigint generated always as identity primary key,
  email       text not null unique check (email = lower(email)),
  name        text not null check (name <> ''),
  role        text not null check (role in ('technician', 'clerk', 'administrator')),
  disabled_at timestamptz,
  created_at  timestamptz not null default now()
);

create table staff_alias (
  email    text primary key check (email = lower(email)),
  staff_id bigint not null references staff,
  position bigint generated always as identity
);
create index on staff_alias (staff_id);

-- `rifiuta sempre`
create table blocked_sender (
  email      text primary key check (email = lower(email)),
  created_at timestamptz not null default now()
);

create table queue (
  address    text primary key check (address = lower(address)),
  name       text not null check (name <> ''),
  created_at timestamptz not null default now()
);

create table category (
  name     text primary key check (name <> ''),
  name_key text not null unique,
  keywords text[] not null default '{}',
  position bigint generated always as identity
);
insert into category (name, name_key) values ('Altro', 'altro');

-- ── what came in ──────────────────────────────────────────────────────────────

create table message (
  id                 bigint generated always as identity primary key,
  -- where it was fetched from; null where it came by `receive`
  mailbox            text,
  uid_validity       bigint,
  uid                bigint,
  envelope_recipient text,
  envelope_sender    text,
  received_at        timestamptz not null,
  taken_in_at        timestamptz not null default now(),
  -- a message over the size limit keeps its headers only
  raw                bytea not null,
  size               bigint not null,
  truncated          boolean not null default false,
  sha256             text not null,

  -- read by the first parse; null before
  identity           text,
  content_hash       text,
  message_id         text,
  from_name          text,
  from_email         text,
  subject            text,
  kind               text,
  text               text,
  -- who vouched for it, in words
  authenticity       text,

  disposition        text not null default 'pending' check (disposition in (
                       'pending', 'opened', 'follow_up', 'command', 'internal_note', 'refused', 'confirm_asked',
                       'held', 'rejected', 'ignored', 'bounce', 'duplicate', 'quarantined')),
  reason             text,
  ticket_id          bigint,
  decided_at         timestamptz,
  -- how often it was decided: a held or unconfirmed message is decided again
  decisions          integer not null default 0,
  -- set when its writer confirmed it: authority is then proven
  confirmed_by       bigint references staff,
  -- set when its sender was accepted while it was held
  accepted_at        timestamptz,
  -- proven genuine and no automatic mail: its sender may be answered
  answerable         boolean not null default false,

  -- attempts: begun; failures: ended in our own throw or limit. The difference died without a word.
  attempts           integer not null default 0,
  failures           integer not null default 0,
  lone_attempts      integer not null default 0,
  leased_until       timestamptz,
  leased_by          uuid,
  -- a message set aside lets the others pass
  not_before         timestamptz,

  -- moved to the server's folder
  filed_at           timestamptz,

  check ((uid is null) = (mailbox is null) and (uid is null) = (uid_validity is null)),
  check (failures <= attempts and lone_attempts <= attempts),
  -- every message ends in exactly one disposition, and says why
  check ((disposition = 'pending') = (decided_at is null)),
  check (disposition = 'pending' or reason is not null),
  check (disposition not in ('opened', 'follow_up') or ticket_id is not null),
  check (leased_by is null or disposition = 'pending'),
  -- taken in once, however often it is fetched
  unique (mailbox, uid_validity, uid)
);
create index on message (id) where disposition = 'pending';
create index on message (identity);
create index on message (message_id);
create index on message (from_email, disposition);
create index on message (disposition, id);
create index on message (mailbox, uid_validity, uid) where filed_at is null and mailbox is not null;
create index on message (ticket_id);

-- ── tickets ───────────────────────────────────────────────────────────────────

-- one row: numbers are given out in order and without gaps, inside the transaction that uses them
create table desk (
  only_row           boolean primary key default true check (only_row),
  next_ticket_number bigint not null default 1001
);
insert into desk default values;

create table ticket (
  id              bigint generated always as identity primary key,
  number          bigint not null unique,
  state           text not null check (state in ('open', 'in_progress', 'closed')),
  subject         text not null,
  description     text not null,
  company_id      bigint not null references company,
  contracts       text[] not null default '{}',
  requester_name  text not null,
  requester_email text not null,
  category        text not null,
  queue_address   text not null,
  queue_name      text not null,
  assignee_id     bigint references staff,
  opened_at       timestamptz not null,
  taken_at        timestamptz,
  closed_at       timestamptz,
  linked_to       bigint references ticket,
  root_message_id text not null unique,
  -- of the client's mail that opened it; null where staff did
  client_message_id text,
  -- one message opens one ticket
  opened_by       bigint not null unique references message,

  check ((state = 'closed') = (closed_at is not null)),
  check (state <> 'in_progress' or (assignee_id is not null and taken_at is not null))
);
create index on ticket (company_id);
create index on ticket (requester_email);
create index on ticket (state, number);
create index on ticket (assignee_id);
create index on ticket (linked_to);

alter table message add foreign key (ticket_id) references ticket;

create table ticket_event (
  id         bigint generated always as identity primary key,
  ticket_id  bigint not null references ticket,
  at         timestamptz not null,
  type       text not null check (type in (
               'opened', 'client_replied', 'taken', 'progress', 'handed_over', 'internal_note', 'staff_wrote_client',
               'staff_message', 'closed', 'reopened', 'undone', 'delivery_failed', 'categorised', 'prioritised',
               'time_logged', 'mode_set', 'merged', 'moved', 'split')),
  actor      text not null,
  text       text,
  staff_id   bigint references staff,
  message_id bigint references message,
  -- place among the events of one message
  position   integer not null default 0,
  -- a command acts at most once, whatever happens to the worker
  unique (message_id, position)
);
create index on ticket_event (ticket_id, id);
create unique index opened_once on ticket_event (ticket_id) where type = 'opened';

create table blob (
  sha256  text primary key,
  content bytea not null
);

create table attachment (
  id           bigint generated always as identity primary key,
  ticket_id    bigint not null references ticket,
  message_id   bigint not null references message,
  position     integer not null,
  filename     text not null check (filename <> ''),
  content_type text not null,
  size         bigint not null,
  content_id   text,
  sha256       text not null references blob,
  unique (message_id, position)
);
create index on attachment (ticket_id);
create index on attachment (sha256);

-- ── reply tokens ──────────────────────────────────────────────────────────────

create table token (
  id         bigint generated always as identity primary key,
  -- SHA-256 of the 26 letters; the token itself stands only in the mail it was made for
  hash       bytea not null unique,
  purpose    text not null check (purpose in ('ticket', 'held', 'confirmation', 'quarantine', 'list')),
  ticket_id  bigint references ticket,
  message_id bigint references message,
  staff_id   bigint not null references staff,
  expires_at timestamptz not null,
  used_at    timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  check (case purpose
           when 'ticket' then ticket_id is not null and message_id is null
           when 'list' then ticket_id is null and message_id is null
           else ticket_id is null and message_id is not null
         end),
  check (used_at is null or purpose = 'confirmation')
);
create index on token (ticket_id);
create index on token (message_id);
create index on token (staff_id);

-- ── what goes out ─────────────────────────────────────────────────────────────

create table outbox (
  id              bigint generated always as identity primary key,
  -- the message whose decision wrote it; null: a timer or the command line did
  cause_id        bigint references message,
  -- place among the mails of one decision; `round` tells the decisions of one message apart
  position        integer not null default 0,
  round           integer not null default 0,
  ticket_id       bigint references ticket,
  template        text not null check (template in (
                    'opened-client', 'closed-client', 'opened-staff', 'in-progress-staff', 'internal-note-staff',
                    'closed-staff', 'follow-up-staff', 'reopened-staff', 'held-staff', 'confirm-staff', 'receipt-staff',
                    'help-staff', 'delivery-failed-staff', 'declined-stranger', 'quarantine-administrator')),
  -- staff mail names its staff member; a client's never does
  staff_id        bigint references staff,
  recipient_name  text not null default '',
  recipient       text not null,
  from_name       text not null,
  from_address    text not null,
  reply_to        text,
  message_id      text not null unique,
  in_reply_to     text,
  reference_ids   text[] not null default '{}',
  subject         text not null,
  text            text not null,
  html            text not null,
  -- attachments of this incoming message go with it
  attachments_of  bigint references message,
  fold_key        text,
  fold_items      jsonb,
  -- the bytes, written before the first try and never changed after
  mime            bytea,

  state           text not null default 'queued'
                  check (state in ('queued', 'deferred', 'sent', 'failed', 'cancelled', 'awaiting_release')),
  attempts        integer not null default 0,
  next_attempt_at timestamptz not null,
  last_error      text,
  created_at      timestamptz not null default now(),
  sent_at         timestamptz,

  check ((template in ('opened-client', 'closed-client', 'declined-stranger')) = (staff_id is null)),
  check ((state = 'sent') = (sent_at is not null)),
  check (state <> 'sent' or attempts > 0),
  -- one decision writes each of its mails once
  unique (cause_id, round, position)
);
-- one confirmation a ticket, ever
create unique index confirmed_once on outbox (ticket_id) where template = 'opened-client';
create unique index fold_waiting on outbox (fold_key, recipient) where state = 'queued' and mime is null and fold_key is not null;
create index on outbox (next_attempt_at) where state in ('queued', 'deferred');
create index on outbox (ticket_id);
create index on outbox (recipient, template, created_at);
create index on outbox (staff_id);
create index on outbox (attachments_of);

-- which mail carries a token; those of a folded notice that is written anew before it was sent go with its old text
alter table token add column outbox_id bigint references outbox;
create index on token (outbox_id);

-- what was sent is never changed
create function outbox_bytes_are_final() returns trigger language plpgsql as $$
begin
  if old.mime is not null and new.mime is not null and new.mime <> old.mime then
    raise exception 'outbox %: the bytes of a mail never change once written', old.id;
  end if;
  if new.message_id <> old.message_id then
    raise exception 'outbox %: the Message-ID of a mail never changes', old.id;
  end if;
  return new;
end $$;
create trigger outbox_bytes_are_final before update of mime, message_id on outbox for each row execute function outbox_bytes_are_final();

-- new rows wake the loops
create function wake() returns trigger language plpgsql as $$
begin
  perform pg_notify('kticket', tg_argv[0]);
  return null;
end $$;
create trigger wake_intake after insert on message for each statement execute function wake('message');
create trigger wake_intake_again after update of disposition on message for each row
  when (new.disposition = 'pending' and old.disposition <> 'pending') execute function wake('message');
create trigger wake_delivery after insert on outbox for each statement execute function wake('outbox');
create trigger wake_delivery_again after update of state on outbox for each row
  when (new.state = 'queued' and old.state <> 'queued') execute function wake('outbox');
