-- Every mail is written, claimed and settled: what no query uses is dropped, and a claim finds room beside its row.

-- no query asks by them: a reader's mails are found by outbox_recipient_sent, files by their message
drop index outbox_recipient_template_created_at_idx, outbox_attachments_of_idx;
-- all of a member's mails, for the few answers of the last hour
drop index outbox_staff_id_idx;
create index outbox_answers on outbox (staff_id, created_at) where template in ('confirm-staff', 'receipt-staff', 'help-staff');
-- rows that are written from now on; a claim changes no column of an index
alter table outbox set (fillfactor = 75);
