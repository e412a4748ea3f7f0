-- Mails in a staff member's name for which nothing speaks (no verdict, no token of theirs) are answered less often, and
-- count apart: who forges them may not use up the answers to the member's own.

alter table message add column vouched_for boolean not null default false;
