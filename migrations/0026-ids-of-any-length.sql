-- Ids are a stranger's text, and a B-tree refuses what is larger than a third of its page: a Message-ID of 900 letters of
-- four bytes was quarantined for it. A hash index keeps 4 bytes of each, whatever its length.

drop index message_identity_idx;
create index message_identity_idx on message using hash (identity);
drop index message_message_id_idx;
create index message_message_id_idx on message using hash (message_id);
