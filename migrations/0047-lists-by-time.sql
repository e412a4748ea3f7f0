-- Lists and the log by time (`--since`) read what is that young, not all there is. Rows come in order of time, so that block ranges say
-- where they are: such an index takes next to nothing to keep.
create index message_times on message using brin (received_at, taken_in_at, decided_at)
  with (pages_per_range = 32, autosummarize = on);
create index outbox_times on outbox using brin (created_at, sent_at) with (pages_per_range = 32, autosummarize = on);
create index ticket_event_times on ticket_event using brin (at) with (pages_per_range = 32, autosummarize = on);
