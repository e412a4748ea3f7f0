-- A contact whose genuine mail fails DMARC, though its domain asks for nothing to be done about it (p=none): a clerk accepted one.
alter table contact add column dmarc_failure_accepted_at timestamptz;
