-- What clients read of a queue besides its name: telephones, and a sentence for its confirmations (`queue add`).
alter table queue
  add column phones text[] not null default '{}',
  add column words text check (words <> '');
