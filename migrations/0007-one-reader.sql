-- A mailbox is read by one worker at a time: whoever holds its row, until the time it names or the worker's death.

create table mailbox_reader (
  -- `user@host/folder`
  mailbox    text primary key,
  -- also the name of the connection by which the worker shows that it lives
  worker     uuid not null,
  held_until timestamptz not null
);
