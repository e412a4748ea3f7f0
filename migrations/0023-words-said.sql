-- Keys of the words that events hold: of each sentence and each eight words in a row of what staff wrote among themselves, and of
-- what closings told clients (src/core/guard/quotes.ts). A text for a client that shares some with the former is shown to its writer
-- first, unless a client has been told them. The keys say nothing by themselves, and go with their event.
create table said_key (
  key      bigint not null,
  event_id bigint not null references ticket_event on delete cascade,
  primary key (key, event_id)
);
create index on said_key (event_id);
