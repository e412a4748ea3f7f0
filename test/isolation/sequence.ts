/**
 * A sequence of mails from several companies' people, strangers, staff who left, and forgers, through the real deciding
 * path and PostgreSQL. Every mail carries a word of its own in subject, text and file, and its writer's name; no mail to anyone outside may
 * hold the word of a mail that belongs to another company's ticket, or to none.
 */
import { addCompany, addContact, disableContact, disableStaff } from '../../src/store/directory.ts';
import { activeStaff, standingOf } from '../../src/store/standing.ts';
import { multipart, part } from '../mail/build.ts';
import { authserv, desk, openDesk, type PathDesk } from '../path/desk.ts';
import { type Random, randomFrom } from '../simulation/random.ts';

type Person = string;
const clients = [
  'anna@rossi.it',
  'piero@rossi.it',
  'ugo@gmail.com',
  'bruno@bianchi.it',
  'elsa@bianchi.it',
  'zeno@verdi.example',
  'mina@libero.it',
] as const;
const staff = ['luigi@kybernes.it', 'marco@kybernes.it', 'carla@kybernes.it', 'ada@kybernes.it'] as const;
const strangers = ['ladro@evil.example', 'anna@r0ssi.it', 'ex@kybernes.it', 'luigi.verdi@libero.it'] as const;
const companies = ['Rossi S.r.l.', 'Bianchi S.p.A.', 'Verdi S.n.c.'] as const;
const orders = [
  'in lavorazione',
  'chiudere',
  'comunicazione interna',
  'riaprire',
  'priorità alta',
  'conferma',
  'annulla ultimo',
  'elenco',
  'aiuto',
  'rifiuta',
] as const;

/** What the sequence knows of the mails that went out. */
type Out = {
  id: number;
  recipient: string;
  replyTo: string;
  messageId: string;
  subject: string;
  ticket: number | null;
};

/** Runs one sequence; throws where a mail to somebody outside holds what is not theirs. */
export async function runSequence(seed: number, mails: number): Promise<{ outside: number }> {
  const here = await openDesk();
  try {
    await addCompany(here.db, { name: 'Verdi S.n.c.', domains: ['verdi.example'], contracts: ['remote'] });
    await addContact(here.db, { email: 'mina@libero.it', name: 'Mina', company: 'Verdi S.n.c.' });
    const random = randomFrom(seed);
    const secrets = new Map<string, number>();
    const out: Out[] = [];
    let outside = 0;
    for (let n = 0; n < mails; n += 1) {
      if (random.below(25) === 0) await changeDirectory(here, random);
      const secret = `parola${seed}x${n}x`;
      const { id } = await here.send({ from: '', raw: letter(random, secret, out) });
      secrets.set(secret, id);
      outside += await look(here, seed, n, secrets, out);
    }
    return { outside };
  } finally {
    await here.drop();
  }
}

/** People move, leave and come back. */
async function changeDirectory({ db }: PathDesk, random: Random): Promise<void> {
  const client = random.pick(clients);
  await db.transaction().execute(async (tx) => {
    switch (random.below(4)) {
      case 0:
        await addContact(tx, { email: client, name: null, company: random.pick(companies) });
        return;
      case 1:
        await disableContact(tx, client);
        return;
      case 2:
        await disableStaff(tx, 'marco@kybernes.it');
        return;
      default:
        await tx.updateTable('staff').set({ disabled_at: null }).execute();
    }
  });
}

/** The name that somebody goes by in their mails: nobody else outside may read it. */
const nameOf = (email: string): string => `persona-${email.replace(/\W/gu, '-')}-`;

/** One mail of anybody about anything, with whatever it can know or guess. */
function letter(random: Random, secret: string, out: readonly Out[]): Buffer {
  const kind = random.below(10);
  const from: Person =
    kind < 5 ? random.pick(clients) : kind < 9 ? random.pick(staff) : random.pick(strangers);
  const [first, ...rest] =
    kind < 9 && random.below(4) > 0 ? out.filter(({ recipient }) => recipient === from) : out;
  // mostly one's own mail of late; sometimes anybody's, as if it had been forwarded or stolen
  const about =
    first === undefined || random.below(4) === 0 ? null : random.pick([first, ...rest.slice(-12)]);
  const number = about?.ticket ?? 1001 + random.below(30);
  const isStaff = kind >= 5 && kind < 9;
  const other = random.pick(clients);
  const openings = [
    `apri per ${other}`,
    `accetta ${random.pick(companies)}`,
    `storico #${1001 + random.below(30)}`,
  ] as const;
  const words = isStaff
    ? random.pick([...orders, random.pick(openings)])
    : random.pick(['Nominativo: Io\nE-mail: ' + other, 'chiudere', 'Non funziona ancora', 'Salve']);
  const verdict = random.pick(['pass', 'pass', 'pass', 'pass', 'fail', 'none'] as const);
  const to = about === null || random.below(8) === 0 ? desk : about.replyTo;
  const cc = random.below(6) === 0 ? [`Cc: ${random.pick([...clients, 'terzo@altrove.example'])}`] : [];
  // what somebody outside writes is theirs to repeat: a stolen subject would prove nothing
  const known =
    isStaff || about?.recipient === from
      ? (about?.subject ?? '')
      : (about?.subject.replaceAll(/parola\S+/gu, '') ?? '');
  const subject =
    about === null || random.below(5) === 0
      ? `${random.pick(['', `Re: [#${number}] `])}Guasto ${secret}`
      : `Re: ${known}`;
  const reference = about === null ? [] : [`In-Reply-To: ${about.messageId}`];
  const { header, body } = multipart('mixed', [
    part('text/plain; charset=utf-8', `${words}\r\ncontinua ${secret}\r\n`),
    part('text/plain', `file ${secret}`, [['Content-Disposition', `attachment; filename="${secret}.txt"`]]),
  ]);
  const automatic = random.below(20) === 0 ? ['Auto-Submitted: auto-replied'] : [];
  return Buffer.from(
    [
      `Authentication-Results: ${authserv}; dmarc=${verdict} header.from=${from.split('@')[1] ?? ''}`,
      `From: "${nameOf(from)}" <${from}>`,
      `To: ${to}`,
      ...cc,
      `Subject: ${subject}`,
      `Message-ID: <${secret}@${from.split('@')[1] ?? ''}>`,
      ...reference,
      ...automatic,
      'Date: Tue, 24 Nov 2026 10:00:00 +0100',
      `${header[0]}: ${header[1]}`,
      '',
      body,
    ].join('\r\n'),
  );
}

/** Looks at what went out since: whose it is, and what it holds. */
async function look(
  here: PathDesk,
  seed: number,
  n: number,
  secrets: Map<string, number>,
  out: Out[],
): Promise<number> {
  const { db } = here;
  const rows = await db
    .selectFrom('outbox')
    .leftJoin('ticket', 'ticket.id', 'outbox.ticket_id')
    .selectAll('outbox')
    .select(['ticket.number', 'ticket.company_id'])
    .where('outbox.id', '>', out.at(-1)?.id ?? 0)
    .orderBy('outbox.id')
    .execute();
  const active = await activeStaff(db);
  let outside = 0;
  for (const row of rows) {
    out.push({
      id: row.id,
      recipient: row.recipient,
      replyTo: row.reply_to ?? '',
      messageId: row.message_id,
      subject: row.subject,
      ticket: row.number,
    });
    if (row.state === 'failed') continue;
    const standing = await standingOf(db, row.recipient, active);
    if (standing.kind === 'staff') continue;
    outside += 1;
    const company = 'company' in standing ? standing.company.id : null;
    const held = [row.subject, row.text, row.html, row.recipient_name, row.from_name].join('\n');
    const ids = [...new Set(held.match(/parola\d+x\d+x/gu))].map((secret) => secrets.get(secret) ?? 0);
    const foreign =
      ids.length === 0
        ? []
        : await db
            .selectFrom('message')
            .leftJoin('ticket', 'ticket.id', 'message.ticket_id')
            .select(['message.id', 'ticket.company_id'])
            .where('message.id', 'in', ids)
            .execute();
    const names = held.match(/persona-[\w-]+-/gu) ?? [];
    const foreignName = names.find((name) => name !== nameOf(row.recipient)) ?? null;
    const leaks = foreign.filter((one) => one.company_id === null || one.company_id !== company);
    if (
      leaks.length > 0 ||
      foreignName !== null ||
      row.attachments_of !== null ||
      (row.company_id !== null && row.company_id !== company)
    ) {
      throw new Error(
        `seed ${seed}, mail ${n}: outgoing mail ${row.id} (${row.template}) to ${row.recipient} (${standing.kind}, company ${company}) ` +
          `is about ticket ${row.number} of company ${row.company_id} and holds words of messages ${leaks.map(({ id }) => id).join(', ') || 'none'}, the name ${foreignName}`,
      );
    }
  }
  return outside;
}
