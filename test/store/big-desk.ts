import { sql } from 'kysely';
import type { Database } from '../../src/store/db/database.ts';

/** The mailbox that all of a big desk's messages came from. */
const bigMailbox = 'desk@bench.example@127.0.0.1/INBOX';

/**
 * Fills an empty database with so many closed tickets, as a desk leaves them behind: each opened by a message that was
 * fetched and filed, told to its client and two technicians, with three events and a token of each reader. A company has
 * 500 of them. Planner statistics and the visibility map are up to date at the end, as autovacuum would leave them.
 */
export async function fillDesk(db: Database, tickets: number): Promise<void> {
  const companies = Math.ceil(tickets / 500);
  /** Evenly in order, the last one ten minutes ago; a million take ten years. */
  const at = (number: ReturnType<typeof sql>) =>
    sql`now() - interval '10 minutes' - (${tickets}::bigint - ${number}) * interval '5 minutes'`;
  await db.transaction().execute(async (tx) => {
    // nothing refers to what is not there: the numbers are the same on both sides
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`set local statement_timeout = 0`.execute(tx);
    await sql`
      insert into company (name, name_key, contracts)
      select 'Ditta ' || i || ' S.r.l.', 'ditta ' || i || ' s.r.l.', '{remote}' from generate_series(1, ${companies}) i`.execute(
      tx,
    );
    await sql`
      insert into contact (email, name, company_id)
      select 'cliente@ditta' || i || '.example', 'Anna Rossi ' || i, i from generate_series(1, ${companies}) i`.execute(
      tx,
    );
    await sql`
      insert into staff (email, name, role)
      values ('bruno@bench.example', 'Bruno Verdi', 'technician'), ('carla@bench.example', 'Carla Neri', 'technician')`.execute(
      tx,
    );
    await sql`
      insert into message (mailbox, uid_validity, uid, received_at, raw, size, sha256, identity, content_hash, message_id,
        from_name, from_email, subject, kind, text, authenticity, disposition, reason, ticket_id, decided_at, decisions,
        attempts, filed_at)
      select ${bigMailbox}, 1, i, ${at(sql`i`)}, '\\x46726f6d', 4, md5('sha' || i) || md5(i::text), md5('id' || i),
             md5(i::text), '<' || i || '@ditta.example>', 'Anna Rossi', 'cliente@ditta' || i % ${companies} + 1 || '.example',
             'La stampante ' || i || ' non stampa', 'person', ${words}, 'pass', 'opened',
             'from a client of Ditta ' || i % ${companies} + 1 || ' S.r.l.', i, ${at(sql`i`)}, 1, 1, ${at(sql`i`)}
        from generate_series(1, ${tickets}) i`.execute(tx);
    await sql`
      insert into ticket (number, state, subject, description, company_id, requester_name, requester_email, category,
        queue_address, queue_name, assignee_id, opened_at, taken_at, closed_at, root_message_id, client_message_id, opened_by)
      select 1000 + i, 'closed', 'La stampante ' || i || ' non stampa', ${words}, i % ${companies} + 1, 'Anna Rossi',
             'cliente@ditta' || i % ${companies} + 1 || '.example', 'Altro', 'desk@bench.example', 'Assistenza', 1 + i % 2,
             ${at(sql`i`)}, ${at(sql`i`)}, ${at(sql`i`)}, '<root.' || i || '@bench.example>',
             '<' || i || '@ditta.example>', i
        from generate_series(1, ${tickets}) i`.execute(tx);
    await sql`update desk set next_ticket_number = 1001 + ${tickets}::bigint`.execute(tx);
    await sql`
      insert into ticket_event (ticket_id, at, type, actor, text, message_id)
      select i, ${at(sql`i`)}, type, 'bruno@bench.example', ${words}, case when type = 'opened' then i end
        from generate_series(1, ${tickets}) i, unnest(array['opened', 'taken', 'closed']) type`.execute(tx);
    await sql`
      insert into outbox (cause_id, position, ticket_id, template, staff_id, recipient, from_name, from_address, message_id,
        subject, text, html, state, attempts, next_attempt_at, created_at, sent_at)
      select i, place, i, case when place = 0 then 'opened-client' else 'opened-staff' end, nullif(place, 0),
             (array['cliente@ditta' || i % ${companies} + 1 || '.example', 'bruno@bench.example', 'carla@bench.example'])[place + 1],
             'Assistenza', 'desk@bench.example', '<' || i || '.' || place || '@bench.example>',
             '[#' || 1000 + i || '] La stampante non stampa', 'x', 'x', 'sent', 1, ${at(sql`i`)}, ${at(sql`i`)}, ${at(sql`i`)}
        from generate_series(1, ${tickets}) i, generate_series(0, 2) place`.execute(tx);
    await sql`
      insert into token (hash, purpose, ticket_id, staff_id, expires_at, outbox_id, address)
      select sha256((i || '.' || staff)::bytea), 'ticket', i, staff, ${at(sql`i`)} + interval '90 days', 3 * i - 2 + staff,
             'desk@bench.example'
        from generate_series(1, ${tickets}) i, generate_series(1, 2) staff`.execute(tx);
  });
  await sql`vacuum (analyze)`.execute(db);
}

const words = sql`'Buongiorno, da stamattina la stampante ' || i || ' non stampa. Abbiamo provato a spegnere e riaccendere, e non è cambiato nulla.'`;
