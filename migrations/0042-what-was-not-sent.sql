-- The few mails that ended otherwise than sent: they are counted and listed without a look at the millions that were sent.
create index outbox_ended_otherwise on outbox (state, id) where state in ('failed', 'cancelled', 'awaiting_release');
