-- Each index costs every decision an entry. These no query uses: they only sped up deleting rows that are never deleted (staff,
-- tickets, messages, files). Removing a staff member, which ends their tokens, reads all tokens once.

drop index ticket_assignee_id_idx;
drop index ticket_linked_to_idx;
drop index token_ticket_id_idx;
drop index token_message_id_idx;
drop index token_staff_id_idx;
drop index token_asked_ticket_id_idx;
drop index listed_message_message_id_idx;
drop index attachment_sha256_idx;

-- only what is held or was rejected is looked for by its sender and disposition
create index message_held_or_rejected on message (from_email, disposition) where disposition in ('held', 'rejected');
drop index message_from_email_disposition_idx;

-- the last tickets of a client and of a company are read off the end of an index, however many they have
create index ticket_last_of_requester on ticket (requester_email, number);
drop index ticket_requester_email_idx;
create index ticket_last_of_company on ticket (company_id, number);
drop index ticket_company_id_idx;
