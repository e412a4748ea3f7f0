-- whether an earlier mail to the same reader waits for another try
create index outbox_deferred on outbox (recipient, id) where state = 'deferred';
