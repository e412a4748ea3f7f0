-- Each decision counts what its sender, and its company, opened within the hour: it looks at those, not at all that the desk opened meanwhile.
create index message_decided_of_sender on message (from_email, decided_at) where decided_at is not null;
create index ticket_opened_of_company on ticket (company_id, opened_at);
-- for lists by time, as those of messages and mails
create index ticket_times on ticket using brin (opened_at) with (pages_per_range = 32, autosummarize = on);
drop index ticket_opened_at;
