/**
 * A sequence of mails from several companies' people, strangers, staff who left, machines and forgers, through the real
 * deciding path and PostgreSQL, while people move, companies end and administrators use the command line. Every mail carries a word of its
 * own in subject, text and file, and its writer's name; no mail to anyone outside may hold the word of a mail that belongs
 * to another company's ticket, or to none, or that was written for the staff: neither when it is queued nor when it is sent.
 */
import { sql } from 'kysely';
import { acceptHeld, rejectHeld } from '../../src/store/save/release-held.ts';
import { claimOne, wordsKept, settle } from '../builders/outbox.ts';
import type { Settled } from '../../src/store/mails/outbox.ts';
import { retryMessage, retryOutgoing } from '../../src/store/save/retry.ts';
import type { Database } from '../../src/store/db/database.ts';
import { activeStaff, standingOf } from '../../src/store/snapshot/who-is-who.ts';
import { multipart, part } from '../builders/mail.ts';
import { authserv, desk, openDesk, type PathDesk } from '../builders/desk.ts';
import { type Random, randomFrom } from '../simulation/random.ts';
import { addCompany, endCompany } from '../../src/store/directory/companies.ts';
import { addContact, disableContact } from '../../src/store/directory/contacts.ts';
import { disableStaff } from '../../src/store/directory/staff.ts';

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
/** Nobody's, or an alias of somebody's for a while: the last one in a company's domain. */
const strangers = [
  'ladro@evil.example',
  'anna@r0ssi.it',
  'ex@kybernes.it',
  'luigi.verdi@libero.it',
  'marco@bianchi.it',
] as const;
const machine = 'MAILER-DAEMON@mx.kybernes.it';
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
/** A staff member's most frequent answers to a mail of this template. */
const answers: Record<string, readonly [string, ...string[]]> = {
  'held-staff': [
    'rifiuta',
    'rifiuta sempre',
    'rifiuta commerciale',
    'accetta Nuova S.r.l. nuova',
    ...companies.map((name) => `accetta ${name}`),
  ],
  'quarantine-administrator': ['riprova', 'scarta'],
  'confirm-staff': ['conferma', 'conferma sempre'],
};

/** Facts that the sequence knows about the mails sent. */
type Out = {
  id: number;
  template: string;
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
    const words: Words = { seed, secrets: new Map() };
    const out: Out[] = [];
    let outside = 0;
    for (let n = 0; n < mails; n += 1) {
      if (random.below(12) === 0) await changeDirectory(here, random);
      if (random.below(20) === 0) await useCommandLine(here, random);
      const secret = `parola${seed}x${n}x`;
      const { id } = await here.send({ from: '', raw: letter(random, secret, out) });
      words.secrets.set(secret, id);
      outside += await lookAtQueued(here, words, out);
      if (random.below(6) === 0) await sendDue(here, random, words);
    }
    return { outside };
  } finally {
    await here.drop();
  }
}

const moveDomain = async (tx: Database, from: string, to: string, domains: string[]): Promise<void> => {
  await addCompany(tx, { name: from, domains: [], contracts: null });
  await addCompany(tx, { name: to, domains, contracts: null });
};

/** People move, leave and come back; companies end and begin; aliases come and go. */
async function changeDirectory({ db }: PathDesk, random: Random): Promise<void> {
  const client = random.pick(clients);
  const company = random.pick(companies);
  await db.transaction().execute(async (tx) => {
    const staffId = (email: string) => tx.selectFrom('staff').select('id').where('email', '=', email);
    switch (random.below(9)) {
      case 0:
        await addContact(tx, { email: client, name: null, company });
        return;
      case 1:
        await disableContact(tx, client);
        return;
      case 2:
        await disableStaff(tx, random.pick(['marco@kybernes.it', 'luigi@kybernes.it', 'carla@kybernes.it']));
        return;
      case 3:
        await endCompany(tx, company);
        return;
      case 4:
        await addCompany(tx, { name: company, domains: null, contracts: null });
        return;
      case 5:
        await tx.deleteFrom('staff_alias').execute();
        return;
      case 6:
        for (const [email, owner] of [
          ['luigi.verdi@libero.it', 'luigi@kybernes.it'],
          ['marco@bianchi.it', 'marco@kybernes.it'],
        ] as const)
          await tx
            .insertInto('staff_alias')
            .values({ email, staff_id: (eb) => eb.selectFrom(staffId(owner).as('one')).select('one.id') })
            .onConflict((oc) => oc.doNothing())
            .execute();
        return;
      case 7:
        await (random.below(2) === 0
          ? moveDomain(tx, 'Rossi S.r.l.', 'Verdi S.n.c.', ['verdi.example', 'rossi.it'])
          : moveDomain(tx, 'Verdi S.n.c.', 'Rossi S.r.l.', ['rossi.it']));
        return;
      default:
        await tx.updateTable('staff').set({ disabled_at: null }).execute();
    }
  });
}

/** Decisions that administrators take without a mail: about a held, a quarantined, a failed one. */
async function useCommandLine(here: PathDesk, random: Random): Promise<void> {
  const { db } = here;
  const waiting = async (disposition: 'held' | 'quarantined'): Promise<number> => {
    const rows = await db
      .selectFrom('message')
      .select('id')
      .where('disposition', '=', disposition)
      .orderBy('id')
      .execute();
    return rows[random.below(rows.length)]?.id ?? 0;
  };
  switch (random.below(4)) {
    case 0:
      await acceptHeld(db, await waiting('held'), random.pick(companies), true);
      break;
    case 1:
      await rejectHeld(db, await waiting('held'));
      break;
    case 2:
      await retryMessage(db, await waiting('quarantined'));
      break;
    default: {
      const failed = await db
        .selectFrom('outbox')
        .select('id')
        .where('state', '=', 'failed')
        .orderBy('id')
        .execute();
      await retryOutgoing(db, failed[random.below(failed.length)]?.id ?? 0);
    }
  }
  await here.receive();
}

/** The name that somebody goes by in their mails: nobody else outside may read it. */
const nameOf = (email: string): string => `persona-${email.replace(/\W/gu, '-')}-`;

/** A mail by anybody about anything, with whatever they can know or guess. */
function letter(random: Random, secret: string, out: readonly Out[]): Buffer {
  const [sent] = out;
  if (sent !== undefined && random.below(25) === 0)
    return report(random, secret, random.pick([sent, ...out.slice(-12)]));
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
  const usual = about === null || random.below(4) === 0 ? undefined : answers[about.template];
  const words = isStaff
    ? random.pick(usual ?? [...orders, random.pick(openings)])
    : random.pick(['Nominativo: Io\nE-mail: ' + other, 'chiudere', 'Non funziona ancora', 'Salve']);
  const verdict = random.pick(['pass', 'pass', 'pass', 'pass', 'fail', 'none'] as const);
  const to = about === null || random.below(8) === 0 ? desk : about.replyTo;
  const cc = random.below(6) === 0 ? [`Cc: ${random.pick([...clients, 'terzo@altrove.example'])}`] : [];
  // what somebody outside writes is theirs to repeat: a known subject would prove nothing
  const known = isStaff
    ? (about?.subject ?? '')
    : (about?.subject.replaceAll(/(?:parola|persona-)\S+/gu, '') ?? '');
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
  // two senders: set aside, whoever they are
  const broken = random.below(25) === 0 ? [`From: <${random.pick(clients)}>`] : [];
  return Buffer.from(
    [
      `Authentication-Results: ${authserv}; dmarc=${verdict} header.from=${from.split('@')[1] ?? ''}`,
      `From: "${nameOf(from)}" <${from}>`,
      ...broken,
      `To: ${to}`,
      ...cc,
      `Subject: ${subject}`,
      `Message-ID: <${secret}@${from.split('@')[1] ?? ''}>`,
      ...reference,
      ...automatic,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      `${header[0]}: ${header[1]}`,
      '',
      body,
    ].join('\r\n'),
  );
}

/** A delivery failure of one of our mails, of its reader or forged of another, with what a server returns. */
function report(random: Random, secret: string, mail: Out): Buffer {
  const recipient = random.below(3) === 0 ? random.pick(clients) : mail.recipient;
  const { header, body } = multipart('report; report-type=delivery-status', [
    part('text/plain', `Undelivered ${secret}`),
    part(
      'message/delivery-status',
      `Reporting-MTA: dns; ${authserv}\r\n\r\nFinal-Recipient: rfc822; ${recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 ${secret}`,
    ),
    part('text/rfc822-headers', `Message-ID: ${mail.messageId}\r\nSubject: ${secret}`),
  ]);
  return Buffer.from(
    [
      'Return-Path: <>',
      `From: "${nameOf(machine)}" <${random.below(4) === 0 ? random.pick(clients) : machine}>`,
      `To: ${desk}`,
      `Subject: Undelivered ${secret}`,
      `Message-ID: <${secret}@mx.kybernes.it>`,
      `${header[0]}: ${header[1]}`,
      '',
      body,
    ].join('\r\n'),
  );
}

/** The word of each mail, and the message it became. */
type Words = { seed: number; secrets: Map<string, number> };

/** Looks at what was queued since. @returns how many mails go outside */
async function lookAtQueued(here: PathDesk, words: Words, out: Out[]): Promise<number> {
  const rows = await mailsIn(here.db)
    .where('outbox.id', '>', out.at(-1)?.id ?? 0)
    .execute();
  let outside = 0;
  for (const row of rows) {
    const { subject, replyTo } = await wordsKept(here.db, row.id);
    out.push({
      id: row.id,
      template: row.template,
      recipient: row.recipient,
      replyTo,
      messageId: row.message_id,
      subject,
      ticket: row.number,
    });
    if (row.state !== 'failed' && (await goesOutside(here.db, words, row, 'queued'))) outside += 1;
  }
  return outside;
}

/** Sends what is due, as the worker does but for the server, which now and then wants a mail once more, later. */
async function sendDue(here: PathDesk, random: Random, words: Words): Promise<void> {
  const { db, onFailed } = here;
  await sql`update outbox set next_attempt_at = now() where state in ('queued', 'deferred')`.execute(db);
  for (;;) {
    const mail = await claimOne(db);
    if (mail === null) return;
    const { notSent } = mail;
    const settled: Settled =
      notSent !== null
        ? { state: 'failed', error: notSent, cause: 'left' }
        : random.below(8) === 0
          ? { state: 'deferred', error: '451 later', seconds: 3_600 }
          : { state: 'sent' };
    await settle(db, mail, settled, onFailed);
    if (notSent !== null) continue;
    const row = await mailsIn(db).where('outbox.id', '=', mail.id).executeTakeFirstOrThrow();
    const reader = await standingOf(db, row.recipient, await activeStaff(db));
    if (row.staff_id !== null && reader.kind !== 'staff')
      throw new Error(
        `seed ${words.seed}: mail ${row.id} is sent to ${row.recipient}, who has left the staff`,
      );
    await goesOutside(db, words, row, 'sent');
  }
}

const mailsIn = (db: Database) =>
  db
    .selectFrom('outbox')
    .leftJoin('ticket', 'ticket.id', 'outbox.ticket_id')
    .selectAll('outbox')
    .select(['ticket.number', 'ticket.company_id'])
    .orderBy('outbox.id');
type MailRow = Awaited<ReturnType<ReturnType<typeof mailsIn>['executeTakeFirstOrThrow']>>;

/** The company where an address is enrolled that was somebody's of the staff, too, who has left; null: none. */
async function enrolledAt(db: Database, email: string): Promise<number | null> {
  const contact = await db
    .selectFrom('contact')
    .select('company_id')
    .where('email', '=', email)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return contact?.company_id ?? null;
}

/** True if a mail goes to somebody outside. Throws if it contains what is not theirs. */
async function goesOutside(
  db: Database,
  { seed, secrets }: Words,
  row: MailRow,
  when: 'queued' | 'sent',
): Promise<boolean> {
  const standing = await standingOf(db, row.recipient, await activeStaff(db));
  if (standing.kind === 'staff') return false;
  const company = 'company' in standing ? standing.company.id : await enrolledAt(db, row.recipient);
  const { subject, text, html } = await wordsKept(db, row.id);
  const held = [subject, text, html, row.recipient_name, row.from_name].join('\n');
  const ids = [...new Set(held.match(/parola\d+x\d+x/gu))].map((secret) => secrets.get(secret) ?? 0);
  const written =
    ids.length === 0
      ? []
      : await db
          .selectFrom('message')
          .leftJoin('ticket', 'ticket.id', 'message.ticket_id')
          .select(['message.id', 'message.disposition', 'ticket.company_id'])
          .where('message.id', 'in', ids)
          .execute();
  const names = held.match(/persona-[\w-]+-/gu) ?? [];
  // colleagues write for each other: whoever wrote about a ticket of the reader's company is no secret to them
  const colleagues = await db
    .selectFrom('message')
    .innerJoin('ticket', 'ticket.id', 'message.ticket_id')
    .select('message.from_name')
    .distinct()
    .where('ticket.company_id', '=', company)
    .execute();
  const known = new Set([nameOf(row.recipient), ...colleagues.map(({ from_name: name }) => name)]);
  const foreignName = names.find((name) => !known.has(name)) ?? null;
  const leaks = written.filter(
    (one) => one.company_id === null || one.company_id !== company || one.disposition === 'internal_note',
  );
  if (
    leaks.length > 0 ||
    foreignName !== null ||
    row.attachments_of !== null ||
    (row.company_id !== null && row.company_id !== company)
  ) {
    throw new Error(
      `seed ${seed}, after mail ${secrets.size}: outgoing mail ${row.id} (${row.template}), ${when}, to ${row.recipient} (${standing.kind}, company ${company}) ` +
        `is about ticket ${row.number} of company ${row.company_id} and holds words of ${leaks.map(({ id, disposition, company_id: of }) => `message ${id} (${disposition}, company ${of})`).join(', ') || 'nobody else'}, the name ${foreignName}`,
    );
  }
  return true;
}
