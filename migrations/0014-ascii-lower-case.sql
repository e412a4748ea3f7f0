-- Addresses are lower case in their ASCII letters alone, as src/core/address/address.ts makes them: beyond ASCII two addresses
-- that differ are two. The checks asked for the lower case of every letter, and refused anÑa@example.it.

alter table contact drop constraint contact_email_check, add check (email = lower(email collate "C"));
alter table staff drop constraint staff_email_check, add check (email = lower(email collate "C"));
alter table staff_alias drop constraint staff_alias_email_check, add check (email = lower(email collate "C"));
alter table blocked_sender drop constraint blocked_sender_email_check, add check (email = lower(email collate "C"));
alter table queue drop constraint queue_address_check, add check (address = lower(address collate "C"));
alter table queue
  drop constraint queue_from_address_check,
  add check (from_address = lower(from_address collate "C"));
