-- Each decision counts what its readers were sent within the last hour, whoever caused it; without these it would read all
-- that they were ever sent. One mailbox is behind all its plus-addresses.

create index outbox_outside on outbox (regexp_replace(recipient, '[+][^@]*@', '@'), created_at) where staff_id is null;
create index ticket_opened_at on ticket (opened_at);
create index message_from_received on message (from_email, received_at);
