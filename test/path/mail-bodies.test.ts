import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Outgoing } from '../../src/core/ticket/decision.ts';
import { renderMails } from '../../src/desk/render-mails.ts';
import { saveDecisions } from '../../src/store/save/save.ts';
import { allSampleMails } from '../../src/templates/samples/samples.ts';
import { loadTemplates } from '../../src/templates/render.ts';
import { mailTo, openDesk, type PathDesk } from '../builders/desk.ts';
import { bytesKept } from '../builders/outbox.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const bodies = () => here.db.selectFrom('mail_body').select('id').orderBy('id').execute();
const rows = () =>
  here.db.selectFrom('outbox').select(['id', 'recipient', 'body_id', 'slots']).orderBy('id').execute();

const detail = (address = ''): string => /[+](.*)@/u.exec(address)?.[1] ?? '';

test('a mail that is the same to several readers is kept once; each has an own address for answers', async () => {
  const opened = await here.send({ from: 'anna@rossi.it' });
  const [luigi, marco] = ['luigi@kybernes.it', 'marco@kybernes.it'].map((email) => mailTo(opened, email));
  const kept = await rows();
  const of = (email: string) => kept.find(({ recipient }) => recipient === email);
  expect(of('luigi@kybernes.it')?.body_id).toBe(of('marco@kybernes.it')?.body_id);
  expect(of('anna@rossi.it')?.body_id).not.toBe(of('luigi@kybernes.it')?.body_id);
  expect(luigi?.replyTo).not.toBe(marco?.replyTo);
  expect(luigi?.html).toContain(detail(luigi?.replyTo));
  expect(luigi?.html).not.toContain(detail(marco?.replyTo));
  expect(luigi?.html.replaceAll(detail(luigi.replyTo), detail(marco?.replyTo))).toBe(marco?.html);
});

test('the body of a notice whose place another took is kept no longer', async () => {
  for (let i = 0; i < 9; i += 1)
    await here.send({ from: 'Sara <sara@altro.example>', subject: `Prova ${i}`, text: `Testo ${i}` });
  const kept = await bodies();
  const used = new Set((await rows()).map(({ body_id: id }) => id));
  expect(kept.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
});

test('files that the desk wrote for a mail are kept once for its readers, and go with each', async () => {
  const staff = await here.db.selectFrom('staff').selectAll().where('role', '=', 'technician').execute();
  const mail = allSampleMails('it').find(({ template }) => template === 'help-staff');
  if (mail?.template !== 'help-staff') throw new Error('no such sample');
  const file = {
    filename: 'minuti però.csv',
    contentType: 'text/csv; charset=utf-8',
    content: Buffer.from('numero;minuti\r\n1001;30\r\n'),
  };
  const outgoing = staff.map(
    ({ id, name, email, role }): Outgoing => ({
      to: { kind: 'staff', staff: { id, name, email, role, aliases: [] } },
      mail,
      ticket: null,
      queue: { address: 'assistenza@kybernes.it', name: 'Assistenza' },
      token: null,
      inReplyTo: null,
      references: [],
      withAttachments: false,
      files: [file],
      delayMinutes: 0,
      fold: null,
    }),
  );
  const desk = { templates: loadTemplates(here.config), config: here.config };
  const mails = renderMails(outgoing, desk, { now: new Date(), files: [] });
  const saving = { now: new Date(), cause: null, tokenDays: 7, knownTokens: new Set<string>() };
  await here.db
    .transaction()
    .execute((tx) => saveDecisions(tx, [{ effects: [], mails, saving, decided: null }]));
  expect(await bodies()).toHaveLength(1);
  const kept = await rows();
  expect(kept).toHaveLength(2);
  for (const { id } of kept) {
    const read = await simpleParser(await bytesKept(here.db, id));
    expect(read.attachments).toMatchObject([
      { filename: file.filename, contentType: 'text/csv', content: file.content },
    ]);
  }
});
