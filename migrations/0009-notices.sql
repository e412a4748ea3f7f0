-- Each decision counts the notices of the last hour: without this it would read the whole outbox for them.

create index on outbox (template, created_at) where template in ('held-staff', 'quarantine-administrator');
