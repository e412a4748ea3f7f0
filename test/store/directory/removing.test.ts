import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Database } from '../../../src/store/db/database.ts';
import { allOf } from '../../../src/store/db/pages.ts';
import { addCategory, listCategories, renameCategory } from '../../../src/store/directory/categories.ts';
import { addCompany, companyPages, renameCompany } from '../../../src/store/directory/companies.ts';
import { addContact, contactPages } from '../../../src/store/directory/contacts.ts';
import { addQueue, listQueues } from '../../../src/store/directory/queues.ts';
import {
  removeCategory,
  removeCompany,
  removeContact,
  removeQueue,
  removeStaff,
} from '../../../src/store/directory/removing.ts';
import { addStaff, listStaff } from '../../../src/store/directory/staff.ts';
import { showTicket } from '../../../src/store/reports/ticket-reports.ts';
import { scratchDatabase } from '../../harness/database.ts';

const why = (part: string) => ({ ok: false, why: expect.stringContaining(part) });

/** Two companies; a ticket of the first, by its contact, at a queue, of a category, taken by a technician. */
async function desk(): Promise<Database> {
  const { db } = await scratchDatabase();
  await addCompany(db, { name: 'Rossi S.r.l.', domains: ['rossi.it'], contracts: ['remote'] });
  await addCompany(db, { name: 'Verdi', domains: ['verdi.it'], contracts: [] });
  await addContact(db, { email: 'anna@gmail.com', name: 'Anna', company: 'Rossi S.r.l.' });
  await addStaff(db, { email: 'ugo@x.it', name: 'Ugo', role: 'technician', aliases: ['u@y.it'] });
  await addQueue(db, { address: 'pda@x.it', name: 'PDA' });
  await addCategory(db, { name: 'Stampa', keywords: ['toner'] });
  await sql`insert into message (received_at, raw, size, sha256) values (now(), '', 0, 'x')`.execute(db);
  await sql`
    insert into ticket (number, state, subject, description, company_id, requester_name, requester_email, category,
                        queue_address, queue_name, assignee_id, opened_at, taken_at, root_message_id, opened_by)
    select 1001, 'in_progress', 'Toner', 'Manca.', company.id, '', 'anna@gmail.com', 'Stampa', 'pda@x.it', 'PDA',
           staff.id, now(), now(), '<r@x.it>', message.id
      from company, staff, message where company.name = 'Rossi S.r.l.'`.execute(db);
  return db;
}

describe('what anything depends on', () => {
  test('is not removed, and what to do instead is said', async () => {
    const db = await desk();
    expect(await removeCompany(db, 'rossi srl')).toEqual(
      why(
        'Rossi S.r.l. has 1 ticket, which stay. So that its mail is held: kticket company end "Rossi S.r.l."',
      ),
    );
    expect(await removeContact(db, 'anna@gmail.com')).toEqual(why('kticket contact disable anna@gmail.com'));
    expect(await removeStaff(db, 'ugo@x.it')).toEqual(why('kticket staff disable ugo@x.it'));
    expect(await removeStaff(db, 'u@y.it')).toEqual(why('the staff member is ugo@x.it'));
    expect(await removeQueue(db, 'pda@x.it')).toEqual(why('1 ticket came by pda@x.it'));
    expect(await removeCategory(db, 'stampa')).toEqual(why('kticket category set "Stampa" --rename'));
    expect(await removeCategory(db, 'altro')).toEqual(why('fits no other category'));
    await addContact(db, { email: 'piero@verdi.it', name: null, company: 'Verdi' });
    expect(await removeCompany(db, 'Verdi')).toEqual(
      why('Verdi has 1 contact. First: kticket contact remove'),
    );
  });

  test('a staff member who was told of something stays', async () => {
    const db = await desk();
    await addStaff(db, { email: 'ada@x.it', name: 'Ada', role: 'clerk', aliases: null });
    await sql`
      insert into outbox (cause_id, position, ticket_id, template, staff_id, recipient, from_name, from_address, message_id,
                          subject, text, html, next_attempt_at)
      select message.id, 0, ticket.id, 'opened-staff', staff.id, staff.email, '', 'pda@x.it', '<o@x.it>', 's', 't', 'h', now()
        from message, ticket, staff where staff.email = 'ada@x.it'`.execute(db);
    expect(await removeStaff(db, 'ada@x.it')).toEqual(why('Ada has done or been told something'));
  });
});

test('what nothing depends on is removed with all that belongs to it, and can be registered anew', async () => {
  const { db } = await scratchDatabase();
  const entry = { name: 'Rossi', domains: ['rossi.it'], contracts: [] };
  await addCompany(db, entry);
  await addContact(db, { email: 'anna@rossi.it', name: null, company: 'Rossi' });
  await addStaff(db, { email: 'ugo@x.it', name: 'Ugo', role: 'technician', aliases: ['u@y.it'] });
  await addQueue(db, { address: 'pda@x.it', name: 'PDA' });
  await addCategory(db, { name: 'Stampa', keywords: [] });
  expect(await removeContact(db, 'anna@rossi.it')).toEqual({ ok: true, name: 'anna@rossi.it' });
  expect(await removeCompany(db, 'rossi')).toEqual({ ok: true, name: 'Rossi' });
  expect(await removeStaff(db, 'ugo@x.it')).toEqual({ ok: true, name: 'ugo@x.it' });
  expect(await removeQueue(db, 'pda@x.it')).toEqual({ ok: true, name: 'pda@x.it' });
  expect(await removeCategory(db, 'STAMPA')).toEqual({ ok: true, name: 'Stampa' });
  expect([
    await allOf(companyPages(db)),
    await allOf(contactPages(db)),
    await listStaff(db),
    await listQueues(db),
    await listCategories(db),
  ]).toEqual([[], [], [], [], [{ name: 'Altro', keywords: [] }]]);
  expect(await addCompany(db, { ...entry, name: 'Bianchi' })).toMatchObject({ ok: true, created: true });
  for (const remove of [removeCompany, removeContact, removeStaff, removeQueue, removeCategory])
    expect(await remove(db, 'nobody@x.it')).toEqual(why('list` shows all'));
});

describe('a new name', () => {
  test('keeps domains, contracts, contacts and tickets of a company', async () => {
    const db = await desk();
    expect(await renameCompany(db, 'rossi srl', 'Costruzioni Neri')).toEqual({
      ok: true,
      was: 'Rossi S.r.l.',
    });
    expect(await allOf(companyPages(db, { name: 'costruzioni neri' }))).toEqual([
      { name: 'Costruzioni Neri', domains: ['rossi.it'], contracts: ['remote'], ended: false },
    ]);
    expect(await allOf(contactPages(db, { company: 'Costruzioni Neri' }))).toMatchObject([
      { email: 'anna@gmail.com' },
    ]);
    expect(await showTicket(db, 1001)).toMatchObject({ company: 'Costruzioni Neri' });
    expect(await renameCompany(db, 'Rossi S.r.l.', 'X')).toEqual(why('No company is called'));
  });

  test('that another company has, in any spelling, is refused: two companies never become one', async () => {
    const db = await desk();
    expect(await renameCompany(db, 'Rossi S.r.l.', 'VÈRDI')).toEqual(why('another company, "Verdi"'));
    expect(await renameCompany(db, 'Rossi S.r.l.', 'ROSSI')).toMatchObject({ ok: true });
    expect((await allOf(companyPages(db))).map(({ name }) => name)).toEqual(['ROSSI', 'Verdi']);
  });

  test('of a category is that of its tickets', async () => {
    const db = await desk();
    expect(await renameCategory(db, 'stampa', 'Stampanti')).toEqual({ ok: true, was: 'Stampa' });
    expect(await listCategories(db)).toContainEqual({ name: 'Stampanti', keywords: ['toner'] });
    expect(await showTicket(db, 1001)).toMatchObject({ category: 'Stampanti' });
    expect(await renameCategory(db, 'Stampanti', 'ALTRO')).toEqual(why('a category Altro already'));
    expect(await renameCategory(db, 'Altro', 'Varie')).toEqual(why('keeps its name'));
    expect(await renameCategory(db, 'Rete', 'Reti')).toEqual(why('No category is called "Rete"'));
  });
});
