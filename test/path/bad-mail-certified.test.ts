import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Header, mail, multipart, part } from '../builders/mail.ts';
import { anna, clientMail } from '../builders/bytes.ts';
import { authserv, mailTo, openDesk, type PathDesk, told } from '../builders/desk.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const luigi = 'Luigi Verdi <luigi@kybernes.it>';

/** The mail that an envelope would hold. */
function inner(from: string, body: string, to = 'assistenza@kybernes.it'): string {
  return mail({
    headers: [
      ['From', from],
      ['To', to],
      ['Message-ID', '<dentro@altrove.example>'],
      ['Subject', 'Una telefonata'],
    ],
    body,
  }).toString();
}

/** A genuine mail of `from` that brings another one along. */
function bringing(from: string, held: string, headers: Header[], type = 'message/rfc822'): Buffer {
  const { header, body } = multipart('mixed', [part('text/plain', 'In allegato.'), part(type, held)]);
  return clientMail({ from, headers: [header, ...headers], body });
}

const quiet = { disposition: 'quarantined', ticket: null };

describe('an envelope of certified mail that nothing proves', () => {
  it.each([
    ['94: X-Trasporto: posta-certificata', ['X-Trasporto', 'posta-certificata']],
    ['94: X-TRASPORTO: ERRORE', ['X-TRASPORTO', 'ERRORE']],
    ['94: x-trasporto: anything else', ['x-trasporto', 'altro']],
  ] as [string, Header][])(
    '%s is quarantined, whoever it is from and whoever writes inside',
    async (_, claim) => {
      for (const outer of ['Uscita <posta@kybernes.it>', luigi, anna, 'Eva <eva@altrove.example>']) {
        for (const writer of [luigi, anna, 'Ada Viola <ada@kybernes.it>']) {
          const held = inner(writer, 'apri per anna@rossi.it\r\nNon stampa.\r\n');
          const outcome = await here.send({ from: '', raw: bringing(outer, held, [claim]) });
          expect(outcome).toMatchObject(quiet);
          expect(outcome.mails.every((each) => each.template === 'quarantine-administrator')).toBe(true);
        }
      }
      expect(await here.db.selectFrom('ticket').selectAll().execute()).toEqual([]);
    },
  );

  it('94: its inner mail commands nothing either that was sent to a staff member’s reply address', async () => {
    const first = await here.send({ from: anna, subject: 'La stampante non stampa' });
    const held = inner(luigi, 'chiudere\r\nFatto.\r\n', mailTo(first, 'luigi@kybernes.it').replyTo);
    const raw = bringing('Uscita <posta@kybernes.it>', held, [['X-Trasporto', 'posta-certificata']]);
    expect(await here.send({ from: '', raw })).toMatchObject(quiet);
    expect(await here.events(1001)).toEqual(['opened']);
  });

  it('94: no verdict on it makes it anything else, and it has none but that of its own From', async () => {
    for (const said of ['dmarc=fail', 'dmarc=none', 'dmarc=pass']) {
      const headers: Header[] = [
        ['X-Trasporto', 'posta-certificata'],
        ['Authentication-Results', `${authserv}; ${said} header.from=altrove.example`],
      ];
      const raw = bringing('Eva <eva@altrove.example>', inner(anna, 'Cambio di IBAN'), headers);
      const outcome = await here.send({ from: '', raw });
      expect(outcome).toMatchObject(quiet);
      const kept = await here.db
        .selectFrom('message')
        .select(['from_email', 'authenticity'])
        .where('id', '=', outcome.id)
        .executeTakeFirstOrThrow();
      expect(kept.from_email).toBe('eva@altrove.example');
      expect(kept.authenticity?.split(':')[0]).toBe(said.slice('dmarc='.length));
    }
  });

  it('94: a file by the name of postacert.eml is an attachment like any other', async () => {
    const held = inner(luigi, 'apri per anna@rossi.it\r\nNon stampa.\r\n');
    const named = 'application/octet-stream; name="postacert.eml"';
    const outcome = await here.send({ from: '', raw: bringing(anna, held, [], named) });
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(told(outcome)).toContain('opened-client > anna');
    const files = await here.db.selectFrom('attachment').select('filename').execute();
    expect(files).toEqual([{ filename: 'postacert.eml' }]);
  });

  it.each(['accettazione', 'errore-consegna', 'qualunque'])(
    '94: a client’s mail with the header of a receipt (%s) opens a ticket as any other, with its files',
    async (kind) => {
      const first = await here.send({ from: anna, subject: 'La stampante non stampa' });
      const { messageId } = mailTo(first, 'anna@rossi.it');
      const raw = bringing('Piero Rossi <piero@rossi.it>', inner(anna, 'x'), [
        ['X-Ricevuta', kind],
        ['X-Riferimento-Message-ID', messageId],
      ]);
      const outcome = await here.send({ from: '', raw });
      expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1002 });
      expect(told(outcome)).toContain('opened-client > piero');
      expect(await here.events(1001)).toEqual(['opened']);
      expect(await here.db.selectFrom('attachment').selectAll().execute()).toHaveLength(1);
    },
  );
});
