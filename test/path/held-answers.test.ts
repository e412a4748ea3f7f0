import { wordsKept } from '../builders/outbox.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, mailTo, openDesk, type Outcome, type PathDesk, type Sent, told } from '../builders/desk.ts';
import { addCompany, endCompany } from '../../src/store/directory/companies.ts';
import { addContact, disableContact } from '../../src/store/directory/contacts.ts';
import { addStaff, disableStaff } from '../../src/store/directory/staff.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const carla = 'carla@kybernes.it';
// the same twice would be one mail sent twice
let written = 0;
const writes = (from: string, change = {}) =>
  here.send({ from, text: `Non parte il gestionale, codice ${(written += 1)}.`, ...change });
const says = (mail: Sent, text: string): Promise<Outcome> => here.send(answer(mail, text));
const companyOf = async (email: string): Promise<string | undefined> => {
  const row = await here.db
    .selectFrom('contact')
    .innerJoin('company', 'company.id', 'contact.company_id')
    .select('company.name')
    .where('email', '=', email)
    .executeTakeFirst();
  return row?.name;
};

/** Carla's notice of all strangers that wrote since the first. */
async function list(): Promise<Sent> {
  const row = await here.db
    .selectFrom('outbox')
    .selectAll()
    .where('template', '=', 'held-staff')
    .where('recipient', '=', carla)
    .where('fold_key', 'is not', null)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return {
    id: row.id,
    to: row.recipient,
    template: row.template,
    ...(await wordsKept(here.db, row.id)),
    messageId: row.message_id,
    state: row.state,
  };
}

const dispositions = async (): Promise<string[]> =>
  (await here.db.selectFrom('message').select('disposition').orderBy('id').execute()).map(
    (row) => row.disposition,
  );

describe('rifiuta sempre', () => {
  it('about a forged mail silences forged ones alone: the genuine client is taken in', async () => {
    const forged = await writes('capo@rossi.it', { dmarc: 'fail' });
    const receipt = await says(mailTo(forged, carla), 'rifiuta sempre');
    expect(told(receipt)).toEqual(['receipt-staff > carla']);
    expect(mailTo(receipt, carla).text).toContain('sblocca');
    expect(await writes('capo@rossi.it', { dmarc: 'fail' })).toMatchObject({
      disposition: 'rejected',
      mails: [],
    });
    expect((await writes('capo@rossi.it')).disposition).toBe('opened');
    // enrolled by now, and still no forger is heard
    expect((await writes('capo@rossi.it', { dmarc: 'fail' })).disposition).toBe('rejected');
    expect((await writes('capo@rossi.it', { dmarc: null })).disposition).toBe('opened');
  });

  it('about an unproven stranger leaves the proven one held', async () => {
    const unproven = await writes('nuovo@altrove.example', { dmarc: null });
    await says(mailTo(unproven, carla), 'rifiuta sempre');
    expect((await writes('nuovo@altrove.example', { dmarc: null })).disposition).toBe('rejected');
    expect((await writes('nuovo@altrove.example', { dmarc: 'fail' })).disposition).toBe('rejected');
    expect((await writes('nuovo@altrove.example')).disposition).toBe('held');
  });

  it('about a failing mail does not end a proven one that waits beside it', async () => {
    const genuine = await writes('nuovo@altrove.example');
    await writes('nuovo@altrove.example', { dmarc: 'fail' });
    const row = await list();
    await says(row, '1 rifiuta sempre');
    expect((await here.outcomeOf(genuine.id)).disposition).toBe('held');
  });

  it('about a proven mail binds all of that address, and a colleague’s token in it ends', async () => {
    const proven = await writes('offerte@altrove.example');
    await says(mailTo(proven, carla), 'rifiuta sempre');
    expect((await writes('offerte@altrove.example')).disposition).toBe('rejected');
    const opened = await here.send({ from: 'Anna <anna@rossi.it>' });
    const notice = mailTo(opened, 'luigi@kybernes.it');
    const thief = await here.send({ ...answer(notice, 'chiudere'), from: 'offerte@altrove.example' });
    expect(thief.disposition).toBe('rejected');
    expect((await says(notice, 'chiudere')).disposition).toBe('confirm_asked');
  });

  it.each(['sblocca', 'annulla', 'annulla ultimo', 'accetta'])(
    'is lifted by %s in answer to the notice or the receipt, and what was rejected waits again',
    async (word) => {
      const first = await writes('offerte@altrove.example');
      await says(mailTo(first, carla), 'rifiuta sempre');
      const later = await writes('offerte@altrove.example');
      const lifted = await says(mailTo(first, carla), word);
      expect(lifted.disposition).toBe('command');
      expect((await here.outcomeOf(first.id)).disposition).toBe('held');
      expect((await here.outcomeOf(later.id)).disposition).toBe('held');
      expect((await writes('offerte@altrove.example')).disposition).toBe('held');
      const taken = await says(mailTo(lifted, carla), 'accetta rossi srl');
      expect(taken.disposition).toBe('command');
      expect((await here.outcomeOf(later.id)).disposition).toBe('opened');
    },
  );

  it('accetta NOME lifts it as well, and takes in what came meanwhile', async () => {
    const first = await writes('offerte@altrove.example');
    const receipt = await says(mailTo(first, carla), 'rifiuta sempre');
    const later = await writes('offerte@altrove.example');
    await says(mailTo(receipt, carla), 'accetta Rossi');
    expect((await here.outcomeOf(later.id)).disposition).toBe('opened');
    expect(await here.db.selectFrom('blocked_sender').selectAll().execute()).toEqual([]);
  });
});

describe('former staff', () => {
  it('who are accepted as clients are clients; their old tokens never count', async () => {
    const opened = await here.send({ from: 'Anna <anna@rossi.it>' });
    const old = mailTo(opened, 'marco@kybernes.it');
    await here.db.transaction().execute((tx) => disableStaff(tx, 'marco@kybernes.it'));
    const held = await writes('marco@kybernes.it');
    expect(mailTo(held, carla).text).toContain('non è più dello staff');
    await says(mailTo(held, carla), 'accetta Bianchi');
    expect((await here.outcomeOf(held.id)).disposition).toBe('opened');
    expect((await writes('marco@kybernes.it')).disposition).toBe('opened');
    expect(await says(old, 'chiudere')).toMatchObject({ disposition: 'quarantined' });
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
  });

  it('whose domain is a client’s are clients, and may be enrolled by hand', async () => {
    await here.db.transaction().execute(async (tx) => {
      await addStaff(tx, {
        email: 'ex@rossi.it',
        name: 'Ex',
        role: 'technician',
        aliases: ['ex@altro.example'],
      });
      await disableStaff(tx, 'ex@rossi.it');
    });
    expect((await writes('ex@rossi.it')).disposition).toBe('opened');
    const added = await here.db
      .transaction()
      .execute((tx) => addContact(tx, { email: 'ex@altro.example', name: null, company: 'bianchi spa' }));
    expect(added).toMatchObject({ ok: true, company: 'Bianchi S.p.A.' });
    expect((await writes('ex@altro.example')).disposition).toBe('opened');
  });
});

describe('accetta', () => {
  it.each(['rossi srl', 'ROSSI S.R.L', 'Rossi', 'Rossi società a responsabilità limitata, grazie'])(
    'finds the company as it is written: %s',
    async (name) => {
      await says(mailTo(await writes('nuovo@altrove.example'), carla), `accetta ${name}`);
      expect(await companyOf('nuovo@altrove.example')).toBe('Rossi S.r.l.');
    },
  );

  it('never makes a second company of a name that is there, or nearly, without being told twice', async () => {
    const held = mailTo(await writes('nuovo@altrove.example'), carla);
    const same = await says(held, 'accetta Rossi srl nuova');
    expect(mailTo(same, carla).text).toContain('accetta Rossi S.r.l.');
    const like = await says(held, 'accetta Rosi srl nuova');
    expect(told(like)).toEqual(['receipt-staff > carla']);
    expect(mailTo(like, carla).text).toMatch(
      /accetta Rossi S\.r\.l\.\n[\s\S]*accetta Rosi srl nuova comunque/u,
    );
    expect(await companyOf('nuovo@altrove.example')).toBeUndefined();
    await says(mailTo(like, carla), 'accetta Rosi srl nuova comunque');
    expect(await companyOf('nuovo@altrove.example')).toBe('Rosi srl');
  });

  it('alone offers the company that the sender’s domain or name says, before the others', async () => {
    const held = mailTo(await writes('Ugo Neri – Bianchi spa <ugo.neri@gmail.com>'), carla);
    expect(held.text).toContain('Forse è di: Bianchi S.p.A.');
    const asked = await says(held, 'accetta');
    expect(mailTo(asked, carla).text).toContain('accetta Bianchi S.p.A.');
    // the receipt can be answered, by a button in the subject alone too
    const { subject } = mailTo(asked, carla);
    await here.send({ ...answer(mailTo(asked, carla), ''), subject: `accetta Bianchi S.p.A. ${subject}` });
    expect((await says(mailTo(asked, carla), 'accetta Bianchi S.p.A.')).disposition).toBe('command');
    expect(await companyOf('ugo.neri@gmail.com')).toBe('Bianchi S.p.A.');
  });

  it('says whose an address is that is somebody’s already, and asks before it moves', async () => {
    const held = await writes('Ugo Blu <ugo@gmail.com>', { dmarc: 'fail' });
    expect(mailTo(held, carla).text).toMatch(/È di: +Rossi S\.r\.l\./u);
    const asked = await says(mailTo(held, carla), 'accetta Bianchi');
    expect(asked.disposition).toBe('confirm_asked');
    expect(mailTo(asked, carla).text).toContain(
      'Ugo Blu è di Rossi S.r.l.: spostare l’indirizzo a Bianchi S.p.A.?',
    );
    expect(await companyOf('ugo@gmail.com')).toBe('Rossi S.r.l.');
    await says(mailTo(asked, carla), 'conferma');
    expect(await companyOf('ugo@gmail.com')).toBe('Bianchi S.p.A.');
    expect((await here.outcomeOf(held.id)).disposition).toBe('opened');
  });

  it.each([
    ['a disabled contact', 'spento@gmail.com'],
    ['somebody of a client’s domain', 'capo@rossi.it'],
    ['somebody of an ended company', 'capo@grigi.example'],
  ])('asks as well before it moves %s, in a list too', async (_, from) => {
    await here.db.transaction().execute(async (tx) => {
      await addContact(tx, { email: 'spento@gmail.com', name: null, company: 'Rossi' });
      await disableContact(tx, 'spento@gmail.com');
      await addCompany(tx, { name: 'Grigi S.n.c.', domains: ['grigi.example'], contracts: null });
      await endCompany(tx, 'Grigi');
    });
    await writes('z@uno.example');
    await writes('b@due.example');
    await writes(from, { dmarc: 'fail' });
    const asked = await says(await list(), '1 accetta Bianchi, 2 rifiuta');
    expect(told(asked)).toEqual(['confirm-staff > carla']);
    expect(mailTo(asked, carla).text).toMatch(/e non sarebbe più di «(?:Rossi S\.r\.l\.|Grigi S\.n\.c\.)»/u);
    expect(await companyOf(from)).not.toBe('Bianchi S.p.A.');
    await says(mailTo(asked, carla), 'conferma');
    expect(await companyOf(from)).toBe('Bianchi S.p.A.');
  });

  it('an imitated company is never offered', async () => {
    const held = mailTo(await writes('anna@r0ssi.it'), carla);
    expect(held.text).toContain('imita quello di Rossi S.r.l.');
    expect(held.text).not.toContain('Forse è di');
  });

  it('an address of the staff or of the desk cannot be a client’s', async () => {
    const held = await writes('nuovo@altrove.example');
    await here.db
      .transaction()
      .execute((tx) =>
        addStaff(tx, { email: 'nuovo@altrove.example', name: 'Nuovo', role: 'clerk', aliases: null }),
      );
    expect((await says(mailTo(held, carla), 'accetta Rossi')).reason).toContain('sender is ours');
  });
});

/** Four strangers; all but the first in a list, the newest on top. */
const three = async () => {
  const first = await writes('a@uno.example');
  await writes('b@due.example');
  await writes('c@tre.example');
  await writes('d@quattro.example');
  return { first, sent: await list() };
};

describe('a list of held mail', () => {
  it('takes orders by the numbers it shows, each of its entries has its own reply address', async () => {
    const { sent } = await three();
    expect(sent.text).toMatch(/Numero: {4}1\nDa: +d@quattro\.example/u);
    expect(sent.text).toMatch(/2\. c@tre\.example[\s\S]*3\. b@due\.example/u);
    const outcome = await says(sent, '1 rifiuta, 3 accetta Rossi, gli altri rifiuta sempre');
    expect(outcome.disposition).toBe('command');
    expect(told(outcome)).toEqual(expect.arrayContaining(['receipt-staff > carla', 'opened-client > b']));
    const receipt = mailTo(outcome, carla);
    expect(receipt.text).toMatch(/1\. [^\n]*d@quattro\.example[\s\S]*2\. [^\n]*c@tre[\s\S]*3\. b@due/u);
    expect(await dispositions()).toEqual(['held', 'opened', 'rejected', 'rejected', 'command']);
    expect(await here.db.selectFrom('blocked_sender').select('email').execute()).toEqual([
      { email: 'c@tre.example' },
    ]);
    // the receipt takes orders by the same numbers
    await says(receipt, '2 sblocca\n1 accetta Bianchi');
    expect(await dispositions()).toEqual(['held', 'opened', 'held', 'opened', 'command', 'command']);
  });

  it('one order a line, and what is refused leaves the others', async () => {
    const { sent } = await three();
    const outcome = await says(sent, 'Ciao,\n1 accetta Nessuno S.r.l.\n2: rifiuta\n\nCarla');
    expect(mailTo(outcome, carla).text).toContain('Nessuna azienda si chiama «Nessuno S.r.l.»');
    expect(await dispositions()).toEqual(['held', 'held', 'rejected', 'held', 'command']);
  });

  it.each([
    ['no number', 'rifiuta'],
    ['a number that is not in it', '1 rifiuta, 9 rifiuta'],
    ['a number twice', '1 rifiuta, 1 accetta Rossi'],
    ['something else', '1 rifiuta, 2 boh'],
    ['a sentence', '1 rifiuta\nil 2 lo conosco, è il cugino di Rossi'],
  ])('%s: nothing acts, its writer is told', async (_, text) => {
    const { sent } = await three();
    expect(told(await says(sent, text))).toEqual(['receipt-staff > carla']);
    expect((await dispositions()).slice(0, 4)).toEqual(['held', 'held', 'held', 'held']);
  });

  it('two of one sender are never told apart; a company that one order makes is there for the next', async () => {
    await writes('z@uno.example');
    await writes('b@due.example');
    await writes('b@due.example', { subject: 'Ancora' });
    await writes('c@tre.example');
    const sent = await list();
    await says(sent, '1 accetta Viola S.n.c. nuova, 2 accetta viola snc, 3 rifiuta');
    expect(await companyOf('b@due.example')).toBe('Viola S.n.c.');
    expect(await companyOf('c@tre.example')).toBe('Viola S.n.c.');
    expect((await dispositions()).slice(0, 4)).toEqual(['held', 'opened', 'opened', 'opened']);
  });

  it.each(['tutti rifiuta', 'rifiuta tutti', 'Rifiuta sempre tutti'])(
    '%s asks once, with the count, and a yes does all of it',
    async (text) => {
      const { sent } = await three();
      const asked = await says(sent, text);
      expect(told(asked)).toEqual(['confirm-staff > carla']);
      const question = mailTo(asked, carla);
      expect(question.text).toContain('sono 3');
      expect(question.text).toMatch(/1\. d@quattro\.example[^\n]*: verrebbe rifiutato/u);
      expect((await dispositions()).slice(0, 4)).toEqual(['held', 'held', 'held', 'held']);
      await says(question, 'conferma');
      expect((await dispositions()).slice(0, 4)).toEqual(['held', 'rejected', 'rejected', 'rejected']);
    },
  );

  it('is no technician’s, and no stranger’s', async () => {
    const { sent } = await three();
    const stranger = await here.send({ ...answer(sent, 'tutti rifiuta'), from: 'b@due.example' });
    expect(stranger.disposition).toBe('held');
    expect((await dispositions()).slice(0, 4)).toEqual(['held', 'held', 'held', 'held']);
  });
});
