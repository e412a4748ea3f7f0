-- Mails are claimed several at a time and sent outside of any transaction: a row says who sends it, and until when at most.

alter table outbox
  -- the process that sends it now (`kticket UUID` in pg_stat_activity while it lives)
  add column sending_by uuid,
  add column sending_until timestamptz,
  add constraint outbox_sending_ends check ((sending_by is null) = (sending_until is null)),
  add constraint outbox_sends_what_waits check (sending_by is null or state in ('queued', 'deferred'));
