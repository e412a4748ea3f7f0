-- Which mail of ours a message came moments after: an address that answers all of them at once, in the same words, is a program.

create index outbox_recipient_sent on outbox (recipient, sent_at) where sent_at is not null;
