import { expect, test } from 'vitest';
import { scratchDatabase } from '../harness/database.ts';
import { onDatabase } from './kticket.ts';
import { addCompany } from '../../src/store/directory/companies.ts';
import { addContact } from '../../src/store/directory/contacts.ts';

test('blocks are listed with what they bind, and lifted one by one', async () => {
  const { db, url } = await scratchDatabase();
  const cli = onDatabase(url);
  expect(await cli.done('block', 'list')).toBe('Nobody is blocked.\n');
  await db
    .insertInto('blocked_sender')
    .values([
      { email: 'falso@rossi.it', proof: 'fail' },
      { email: 'offerte@altrove.example', proof: 'pass' },
      { email: 'ugo@gmail.com', proof: 'none' },
    ])
    .execute();
  expect(await cli.json('block', 'list')).toEqual([
    { email: 'falso@rossi.it', binds: 'failing', since: expect.any(String) },
    { email: 'offerte@altrove.example', binds: 'all', since: expect.any(String) },
    { email: 'ugo@gmail.com', binds: 'unproven', since: expect.any(String) },
  ]);
  expect(await cli.done('block', 'remove', 'Offerte@Altrove.example')).toContain('no longer blocked');
  expect(await cli.refused('block', 'remove', 'offerte@altrove.example')).toContain('kticket block list');
  // whoever is enrolled by hand is heard
  await db.transaction().execute(async (tx) => {
    await addCompany(tx, { name: 'Rossi S.r.l.', domains: [], contracts: null });
    await addContact(tx, { email: 'ugo@gmail.com', name: null, company: 'rossi' });
  });
  expect(await cli.json('block', 'list')).toMatchObject([{ email: 'falso@rossi.it' }]);
});

test('companies go by the name as people write it, and a contact that moves is said so', async () => {
  const { url } = await scratchDatabase();
  const cli = onDatabase(url);
  await cli.done('company', 'add', 'Rossi Costruzioni S.r.l.');
  await cli.done('company', 'add', 'Beta S.p.A.');
  await cli.done('contact', 'add', 'ugo@gmail.com', '--company', 'rossi costruzioni srl');
  expect(await cli.done('contact', 'add', 'ugo@gmail.com', '--company', 'beta')).toContain(
    'at Beta S.p.A.; it was of Rossi Costruzioni S.r.l. until now',
  );
  expect(await cli.done('company', 'add', 'BETA SPA')).toContain('updated; until now "Beta S.p.A."');
  expect(await cli.json('company', 'list')).toHaveLength(2);
  await cli.done('company', 'add', 'Rossi Impianti');
  expect(await cli.refused('company', 'show', 'Rossi')).toContain('fits several companies');
});
