import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { OpenDatabase } from '../../../src/store/db/database.ts';
import { acceptHeld, rejectHeld } from '../../../src/store/save/release-held.ts';
import { messagePages, rawMessage, showMessage } from '../../../src/store/reports/message-reports.ts';
import { outgoingPages, showOutgoing } from '../../../src/store/reports/outgoing-reports.ts';
import { allOf } from '../../../src/store/db/pages.ts';
import { showTicket, type TicketFilter, ticketPages } from '../../../src/store/reports/ticket-reports.ts';
import { retryMessage, retryOutgoing } from '../../../src/store/save/retry.ts';
import { scratchDatabase } from '../../harness/database.ts';
import { addCompany } from '../../../src/store/directory/companies.ts';
import { addStaff } from '../../../src/store/directory/staff.ts';

const at = (minute: number) => new Date(Date.UTC(2025, 0, 1, 9, minute));

/** A message that was decided as held, or otherwise. */
async function message(db: OpenDatabase, email: string | null, disposition: string): Promise<number> {
  const pending = disposition === 'pending';
  const { rows } = await sql<{ id: number }>`
    insert into message (received_at, raw, size, sha256, message_id, from_name, from_email, subject, kind, text,
                         disposition, reason, decided_at, attempts, failures)
    values (${at(0)}, ${Buffer.from('From: x\r\n\r\n\xff', 'latin1')}, 12, 'x', '<m@rossi.it>', '', ${email}, 'Stampa',
            'person', 'Non stampa.', ${disposition}, ${pending ? null : 'why'}, ${pending ? null : at(1)}, 3, 3)
    returning id`.execute(db);
  return rows[0]?.id ?? 0;
}

/** A ticket with its history: opened by a mail with a photo, taken, confirmed to the client. */
async function desk() {
  const { db } = await scratchDatabase();
  await addCompany(db, { name: 'Rossi', domains: ['rossi.it'], contracts: ['remote'] });
  await addStaff(db, { email: 'ugo@x.it', name: 'Ugo', role: 'technician', aliases: null });
  const id = await message(db, 'anna@rossi.it', 'ignored');
  await sql`
    insert into ticket (number, state, subject, description, company_id, contracts, requester_name, requester_email,
                        category, queue_address, queue_name, assignee_id, opened_at, taken_at, root_message_id, opened_by)
    select 1001, 'in_progress', 'Stampa', 'Non stampa.', company.id, '{remote}', '', 'anna@rossi.it', 'Altro',
           'desk@x.it', 'Desk', staff.id, ${at(1)}, ${at(2)}, '<root@x.it>', ${id} from company, staff`.execute(
    db,
  );
  await sql`
    update message set disposition = 'opened', reason = 'a client wrote',
                       ticket_id = (select id from ticket) where id = ${id}`.execute(db);
  await sql`
    insert into ticket_event (ticket_id, at, type, actor, text, message_id)
    select id, ${at(1)}::timestamptz, 'opened', 'anna@rossi.it', 'Non stampa.', ${id}::bigint from ticket
    union all select id, ${at(2)}::timestamptz, 'taken', 'ugo@x.it', null, null::bigint from ticket`.execute(
    db,
  );
  await sql`insert into blob (sha256, content) values ('s', '')`.execute(db);
  await sql`
    insert into attachment (ticket_id, message_id, position, filename, content_type, size, sha256)
    select id, ${id}, 0, 'foto.jpg', 'image/jpeg', 70, 's' from ticket`.execute(db);
  await sql`
    insert into outbox (cause_id, position, ticket_id, template, recipient, from_name, from_address, message_id,
                        subject, text, html, state, attempts, next_attempt_at, last_error, created_at)
    select ${id}::bigint, position, id, template, recipient, '', 'desk@x.it', message_id, '[#1001] Stampa', '', '',
           mail.state, 1, ${at(3)}::timestamptz, error, ${at(1)}::timestamptz
      from ticket, (values (0, 'opened-client', 'anna@rossi.it', '<c@x.it>', 'deferred', '451 later'),
                           (1, 'closed-client', 'anna@rossi.it', '<d@x.it>', 'failed', '550 no'))
                    as mail (position, template, recipient, message_id, state, error)`.execute(db);
  return { db, id };
}

const ticket = {
  number: 1001,
  state: 'in_progress',
  subject: 'Stampa',
  description: 'Non stampa.',
  company: 'Rossi',
  contracts: ['remote'],
  requester: { name: null, email: 'anna@rossi.it' },
  category: 'Altro',
  queue: 'desk@x.it',
  assignee: 'ugo@x.it',
  openedAt: at(1),
  takenAt: at(2),
  closedAt: null,
  linkedTo: null,
  mergedInto: null,
};

describe('tickets', () => {
  test('are listed in the shape of the contract, by state and company', async () => {
    const { db } = await desk();
    const list = (filter: TicketFilter = {}) => allOf(ticketPages(db, filter));
    expect(await list()).toEqual([ticket]);
    expect(await list({ state: 'in_progress', company: 'ROSSI' })).toEqual([ticket]);
    expect(await list({ state: 'open' })).toEqual([]);
    expect(await list({ company: 'Verdi' })).toEqual([]);
  });

  test('show their whole history', async () => {
    const { db } = await desk();
    expect(await showTicket(db, 1001)).toEqual({
      ...ticket,
      events: [
        { at: at(1), type: 'opened', actor: 'anna@rossi.it', text: 'Non stampa.', messageId: '<m@rossi.it>' },
        { at: at(2), type: 'taken', actor: 'ugo@x.it', text: null, messageId: null },
      ],
      attachments: [{ filename: 'foto.jpg', contentType: 'image/jpeg', size: 70 }],
    });
    expect(await showTicket(db, 1002)).toBeNull();
  });
});

describe('messages', () => {
  test('are listed and shown with all that came of them', async () => {
    const { db, id } = await desk();
    const listed = {
      id,
      messageId: '<m@rossi.it>',
      from: { name: null, email: 'anna@rossi.it' },
      subject: 'Stampa',
      receivedAt: at(0),
      disposition: 'opened',
      reason: 'a client wrote',
      ticket: 1001,
      attempts: 3,
    };
    expect(await allOf(messagePages(db, { disposition: 'opened' }))).toEqual([listed]);
    expect(await allOf(messagePages(db, { disposition: 'held' }))).toEqual([]);
    expect(await showMessage(db, id)).toMatchObject({
      ...listed,
      kind: 'person',
      text: 'Non stampa.',
      truncated: false,
      decidedAt: at(1),
      events: [{ type: 'opened', ticket: 1001 }],
      outgoing: [{ template: 'opened-client' }, { template: 'closed-client' }],
    });
  });

  test('that were not read yet have no sender and no subject', async () => {
    const { db } = await scratchDatabase();
    await sql`insert into message (received_at, raw, size, sha256) values (now(), '', 0, 'x')`.execute(db);
    expect(await allOf(messagePages(db))).toMatchObject([
      { from: null, subject: null, messageId: null, ticket: null, reason: null, disposition: 'pending' },
    ]);
  });

  test('keep their bytes', async () => {
    const { db, id } = await desk();
    expect((await rawMessage(db, id))?.raw).toEqual(Buffer.from('From: x\r\n\r\n\xff', 'latin1'));
    expect(await rawMessage(db, 99)).toBeNull();
  });
});

describe('held mail', () => {
  test('accepting one message enrols its sender and releases all they wrote, as accepted', async () => {
    const { db } = await scratchDatabase();
    await addCompany(db, { name: 'Rossi', domains: null, contracts: null });
    const first = await message(db, 'new@rossi.it', 'held');
    const second = await message(db, 'new@rossi.it', 'held');
    const other = await message(db, 'other@rossi.it', 'held');
    expect(await acceptHeld(db, second, 'rossi', false)).toEqual({
      ok: true,
      from: 'new@rossi.it',
      company: 'Rossi',
      released: 2,
    });
    const { rows } = await sql`
      select id, disposition, reason, attempts, accepted_at is not null as accepted from message order by id`.execute(
      db,
    );
    const released = { disposition: 'pending', reason: null, attempts: 0, accepted: true };
    expect(rows).toEqual([
      { id: first, ...released },
      { id: second, ...released },
      { id: other, disposition: 'held', reason: 'why', attempts: 3, accepted: false },
    ]);
    expect((await sql`select email from contact`.execute(db)).rows).toEqual([{ email: 'new@rossi.it' }]);
  });

  test('rejecting ends one message; what is not held is neither accepted nor rejected', async () => {
    const { db } = await scratchDatabase();
    const held = await message(db, 'new@rossi.it', 'held');
    const also = await message(db, 'new@rossi.it', 'held');
    expect(await rejectHeld(db, held)).toMatchObject({ ok: true });
    expect(await allOf(messagePages(db, { disposition: 'held' }))).toMatchObject([{ id: also }]);
    expect(await rejectHeld(db, held)).toMatchObject({
      ok: false,
      why: expect.stringContaining('is rejected'),
    });
    expect(await acceptHeld(db, 99, 'Rossi', false)).toMatchObject({
      ok: false,
      why: expect.stringContaining('no message 99'),
    });
    expect(await acceptHeld(db, also, 'Nessuno', false)).toMatchObject({ ok: false });
    expect(await allOf(messagePages(db, { disposition: 'held' }))).toHaveLength(1);
  });
});

describe('trying again', () => {
  test('a quarantined message starts from the beginning; others do not', async () => {
    const { db } = await scratchDatabase();
    const id = await message(db, null, 'quarantined');
    expect(await retryMessage(db, id)).toEqual({ ok: true });
    expect(await allOf(messagePages(db, { disposition: 'pending' }))).toMatchObject([{ id, attempts: 0 }]);
    expect(await retryMessage(db, id)).toMatchObject({
      ok: false,
      why: expect.stringContaining('is pending'),
    });
  });

  test('a failed mail is queued again, due at once', async () => {
    const { db } = await desk();
    const [, failed] = await allOf(outgoingPages(db));
    expect(failed).toMatchObject({ state: 'failed', nextAttemptAt: null, lastError: '550 no' });
    expect(await retryOutgoing(db, failed?.id ?? 0)).toEqual({ ok: true });
    const [queued] = await allOf(outgoingPages(db, { state: 'queued' }));
    expect(queued).toMatchObject({ messageId: '<d@x.it>', attempts: 0, nextAttemptAt: expect.any(Date) });
    expect(await retryOutgoing(db, queued?.id ?? 0)).toMatchObject({ ok: false });
  });
});

test('outgoing mail is listed in the shape of the contract, and shown without its text', async () => {
  const { db, id } = await desk();
  const [first] = await allOf(outgoingPages(db, { state: 'deferred' }));
  expect(first).toEqual({
    id: expect.any(Number),
    to: 'anna@rossi.it',
    template: 'opened-client',
    state: 'deferred',
    messageId: '<c@x.it>',
    ticket: 1001,
    attempts: 1,
    nextAttemptAt: at(3),
    lastError: '451 later',
  });
  expect(await showOutgoing(db, first?.id ?? 0)).toEqual({
    ...first,
    subject: '[#1001] Stampa',
    from: { name: null, email: 'desk@x.it' },
    inReplyTo: null,
    createdAt: at(1),
    sentAt: null,
    causedBy: id,
  });
});
