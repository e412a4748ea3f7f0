import { describe, expect, test } from 'vitest';
import { companyNamed } from '../../../src/store/directory/company-names.ts';
import { scratchDatabase } from '../../harness/database.ts';
import { addCompany, endCompany, companyPages } from '../../../src/store/directory/companies.ts';
import { allOf } from '../../../src/store/db/pages.ts';
import { addContact, disableContact, contactPages } from '../../../src/store/directory/contacts.ts';
import { addStaff, disableStaff, listStaff } from '../../../src/store/directory/staff.ts';
import { addQueue, listQueues, queueRows } from '../../../src/store/directory/queues.ts';
import { addCategory, listCategories } from '../../../src/store/directory/categories.ts';

const fresh = async () => (await scratchDatabase()).db;
const company = (name: string, ...domains: string[]) => ({ name, domains, contracts: null });
const created = { ok: true, created: true };
const updated = { ok: true, created: false };
const why = (words: string) => ({ ok: false, why: expect.stringContaining(words) });

describe('companies', () => {
  test('are listed oldest first, with domains and contracts in the order given', async () => {
    const db = await fresh();
    await addCompany(db, { name: 'Zeta', domains: ['zeta.it', 'alfa.it'], contracts: ['remote', 'on-site'] });
    await addCompany(db, { name: 'Alfa S.r.l.', domains: null, contracts: null });
    expect(await allOf(companyPages(db))).toEqual([
      { name: 'Zeta', domains: ['zeta.it', 'alfa.it'], contracts: ['remote', 'on-site'], ended: false },
      { name: 'Alfa S.r.l.', domains: [], contracts: [], ended: false },
    ]);
  });

  test('are the same by name whatever case, accents and spaces', async () => {
    const db = await fresh();
    expect(await addCompany(db, company('Città  Nuova'))).toMatchObject(created);
    expect(await addCompany(db, company('CITTA NUOVA'))).toMatchObject(updated);
    expect(await allOf(companyPages(db, { name: 'città nuova' }))).toMatchObject([{ name: 'CITTA NUOVA' }]);
  });

  test('keep what is not given, and count again when added after their end', async () => {
    const db = await fresh();
    await addCompany(db, { name: 'Rossi', domains: ['rossi.it'], contracts: ['on-site'] });
    expect(await endCompany(db, 'ROSSI')).toMatchObject({ ok: true, changed: true });
    expect(await endCompany(db, 'rossi')).toMatchObject({ ok: true, changed: false });
    expect(await allOf(companyPages(db))).toMatchObject([{ ended: true }]);
    await addCompany(db, { name: 'Rossi', domains: null, contracts: ['outsourcing'] });
    expect(await allOf(companyPages(db))).toEqual([
      { name: 'Rossi', domains: ['rossi.it'], contracts: ['outsourcing'], ended: false },
    ]);
    await addCompany(db, { name: 'Rossi', domains: [], contracts: null });
    expect(await allOf(companyPages(db))).toMatchObject([{ domains: [], contracts: ['outsourcing'] }]);
  });

  test('own no domain that anybody gets an address at, nor that of another', async () => {
    const db = await fresh();
    await addCompany(db, company('Rossi', 'rossi.it'));
    expect(await addCompany(db, company('Bianchi', 'gmail.com'))).toEqual(why('gmail.com is shared'));
    expect(await addCompany(db, company('Bianchi', 'legalmail.it'))).toEqual(why('legalmail.it is shared'));
    expect(await addCompany(db, company('Bianchi', 'bianchi.it', 'rossi.it'))).toEqual(
      why('belongs to Rossi'),
    );
    expect(await allOf(companyPages(db))).toHaveLength(1);
  });

  test('that do not exist are said so, with those of a like name', async () => {
    const db = await fresh();
    await addCompany(db, company('Rossi S.r.l.'));
    expect(await companyNamed(db, 'Rosi srl')).toMatchObject({
      ok: false,
      why: expect.stringContaining('There is "Rossi S.r.l."'),
    });
    expect(await companyNamed(db, '100%')).toMatchObject({
      ok: false,
      why: expect.not.stringContaining('There is'),
    });
    expect(await endCompany(db, 'Nessuno')).toEqual(why('`kticket company list`'));
  });
});

describe('contacts', () => {
  test('are enrolled at a company, moved, disabled, enrolled again', async () => {
    const db = await fresh();
    await addCompany(db, company('Rossi'));
    await addCompany(db, company('Verdi'));
    const lucia = { email: 'lucia@gmail.com', name: 'Lucia', company: 'rossi' };
    expect(await addContact(db, lucia)).toMatchObject(created);
    expect(await addContact(db, { ...lucia, name: null, company: 'VERDI' })).toMatchObject(updated);
    expect(await disableContact(db, lucia.email)).toEqual({ ok: true, changed: true });
    const listed = { email: lucia.email, name: 'Lucia', company: 'Verdi' };
    expect(await allOf(contactPages(db))).toEqual([{ ...listed, disabled: true }]);
    await addContact(db, { ...lucia, name: null, company: 'verdi' });
    expect(await allOf(contactPages(db, { company: 'verdi' }))).toEqual([{ ...listed, disabled: false }]);
    expect(await allOf(contactPages(db, { company: 'rossi' }))).toEqual([]);
  });

  test('need a company that exists', async () => {
    const db = await fresh();
    const contact = { email: 'a@b.it', name: null, company: 'Neri' };
    expect(await addContact(db, contact)).toEqual(why('No company is called "Neri"'));
    expect(await disableContact(db, 'a@b.it')).toEqual(why('`kticket contact list`'));
  });
});

describe('staff', () => {
  const anna = { email: 'anna@x.it', name: 'Anna', role: 'technician', aliases: ['anna@y.it'] } as const;

  test('are registered, changed, disabled, and count again when added again', async () => {
    const db = await fresh();
    expect(await addStaff(db, { ...anna, aliases: [...anna.aliases] })).toMatchObject(created);
    expect(await disableStaff(db, anna.email)).toEqual({ ok: true, changed: true });
    expect(await listStaff(db)).toEqual([{ ...anna, disabled: true }]);
    expect(await addStaff(db, { ...anna, role: 'administrator', aliases: null })).toMatchObject(updated);
    expect(await listStaff(db)).toEqual([{ ...anna, role: 'administrator', disabled: false }]);
    await addStaff(db, { ...anna, aliases: [] });
    expect(await listStaff(db)).toMatchObject([{ aliases: [] }]);
  });

  test('an address belongs to one person, to staff or to a client or to a queue', async () => {
    const db = await fresh();
    await addCompany(db, company('Rossi'));
    await addContact(db, { email: 'lucia@rossi.it', name: null, company: 'Rossi' });
    await addStaff(db, { ...anna, aliases: [...anna.aliases] });
    await addQueue(db, { address: 'pda@x.it', name: 'PDA' });
    const add = (email: string, ...aliases: string[]) =>
      addStaff(db, { email, name: 'Ugo', role: 'clerk', aliases });

    expect(await add('lucia@rossi.it')).toEqual(why('is a contact of Rossi'));
    expect(await add('ugo@x.it', 'lucia@rossi.it')).toEqual(why('is a contact of Rossi'));
    expect(await add('anna@y.it')).toEqual(why('is an alias of Anna'));
    expect(await add('ugo@x.it', 'anna@x.it')).toEqual(why('is the address of Anna'));
    expect(await add('ugo@x.it', 'anna@y.it')).toEqual(why('is an alias of Anna'));
    expect(await add('ugo@x.it', 'ugo@x.it')).toEqual(why('cannot be an alias of itself'));
    expect(await add('pda@x.it')).toEqual(why('own queue "PDA"'));
    for (const email of ['anna@x.it', 'anna@y.it']) {
      expect(await addContact(db, { email, name: null, company: 'Rossi' })).toEqual(
        why('an address of Anna'),
      );
      expect(await addQueue(db, { address: email, name: 'Q' })).toEqual(why('who is staff'));
    }
    expect(await addContact(db, { email: 'pda@x.it', name: null, company: 'Rossi' })).toEqual(why('"PDA"'));
    expect(await addQueue(db, { address: 'lucia@rossi.it', name: 'Q' })).toEqual(why("a client's address"));
    expect(await disableStaff(db, 'anna@y.it')).toEqual(why('the staff member is anna@x.it'));
    expect(await disableStaff(db, 'nobody@x.it')).toEqual(why('`kticket staff list`'));
  });

  test('may take over the address of a client who was disabled', async () => {
    const db = await fresh();
    await addCompany(db, company('Rossi'));
    await addContact(db, { email: 'lucia@rossi.it', name: null, company: 'Rossi' });
    await disableContact(db, 'lucia@rossi.it');
    expect(
      await addStaff(db, { email: 'lucia@rossi.it', name: 'Lucia', role: 'clerk', aliases: null }),
    ).toMatchObject(created);
  });

  test('two writers at once cannot give one address to staff and to a client', async () => {
    const db = await fresh();
    await addCompany(db, company('Rossi'));
    const [contact, staff] = await Promise.all([
      db.transaction().execute((tx) => addContact(tx, { email: 'u@rossi.it', name: null, company: 'Rossi' })),
      db
        .transaction()
        .execute((tx) => addStaff(tx, { email: 'u@rossi.it', name: 'Ugo', role: 'clerk', aliases: null })),
    ]);
    expect(contact.ok).not.toBe(staff.ok);
  });
});

describe('queues and categories', () => {
  test('queues are registered and renamed', async () => {
    const db = await fresh();
    expect(await addQueue(db, { address: 'pda@x.it', name: 'PDA' })).toMatchObject(created);
    expect(await addQueue(db, { address: 'pda@x.it', name: 'Palmari' })).toMatchObject(updated);
    expect(await listQueues(db)).toEqual([{ address: 'pda@x.it', name: 'Palmari' }]);
  });

  test('what clients read of a queue stays as it was where it is not named', async () => {
    const db = await fresh();
    const pda = { address: 'pda@x.it', name: 'PDA' };
    await addQueue(db, pda, { phones: ['06 555 0100'], words: 'Dalle 8 alle 18.' });
    await addQueue(db, pda, { from: 'desk@x.it' });
    expect(await queueRows(db)).toEqual([{ ...pda, phones: ['06 555 0100'], words: 'Dalle 8 alle 18.' }]);
    await addQueue(db, pda, { phones: [], words: null });
    expect(await queueRows(db)).toEqual([{ ...pda, phones: [], words: null }]);
  });

  test('a new database has the one category Altro; others follow it', async () => {
    const db = await fresh();
    expect(await listCategories(db)).toEqual([{ name: 'Altro', keywords: [] }]);
    await addCategory(db, { name: 'Stampa', keywords: ['toner'] });
    await addCategory(db, { name: 'Rete', keywords: null });
    expect(await addCategory(db, { name: 'STAMPA', keywords: ['toner', 'carta'] })).toMatchObject(updated);
    expect(await listCategories(db)).toEqual([
      { name: 'Altro', keywords: [] },
      { name: 'STAMPA', keywords: ['toner', 'carta'] },
      { name: 'Rete', keywords: [] },
    ]);
  });
});
