import { pino } from 'pino';
import type { OpenDatabase } from '../../src/store/db/database.ts';
import { takeIn } from '../../src/store/mails/inbox.ts';
import type { Log } from '../../src/log/log.ts';
import type { Resolver } from '../../src/mail/dkim/dkim.ts';
import { receiver } from '../../src/desk/receive.ts';
import type { ReadingBounds } from '../../src/config/limits.ts';
import { openReader, type Sandbox } from '../../src/mail/sandbox/sandbox.ts';
import { loadTemplates } from '../../src/templates/render.ts';
import { noKeys } from '../harness/keys.ts';
import { testConfig } from '../harness/config.ts';
import { wordsKept } from './outbox.ts';
import { reusedDatabase } from '../harness/reused-database.ts';
import type { Config } from '../../src/config/settings.ts';
import { addCompany } from '../../src/store/directory/companies.ts';
import { addContact } from '../../src/store/directory/contacts.ts';
import { addStaff } from '../../src/store/directory/staff.ts';
import { addQueue } from '../../src/store/directory/queues.ts';
import { addCategory } from '../../src/store/directory/categories.ts';

import type { Letter } from './letter.ts';

export const desk = 'assistenza@kybernes.it';
export const authserv = 'mx.kybernes.it';

/** A letter that a desk with a database takes in. */
export type TakenIn = Letter & {
  /** as a pipe tells it; '' is the null sender */
  envelopeSender?: string;
  /** whole bytes instead of all the above */
  raw?: Uint8Array;
};

/** Identity of an outgoing mail in a test. */
export type Sent = {
  id: number;
  to: string;
  template: string;
  subject: string;
  text: string;
  html: string;
  replyTo: string;
  messageId: string;
  state: string;
};

/** Outcome of a letter: its disposition, and the mails sent because of it. */
export type Outcome = {
  id: number;
  disposition: string;
  reason: string;
  ticket: number | null;
  mails: Sent[];
};

/** One reading process for all desks of a file with the same limits, because each takes time to start. */
const readers = new Map<string, Sandbox>();
function readerFor(bounds: ReadingBounds): Sandbox {
  const key = JSON.stringify(bounds);
  const reader = readers.get(key) ?? openReader(bounds);
  readers.set(key, reader);
  return reader;
}

/** The whole path over real PostgreSQL: from bytes to rows, with a small company's staff and clients. */
export async function openDesk(settings: Partial<Config> = {}, parts: { keys?: Resolver; log?: Log } = {}) {
  const scratch = await reusedDatabase();
  const db: OpenDatabase = scratch.db;
  const config: Config = { ...testConfig(desk, authserv), ...settings };
  const templates = loadTemplates(config);
  const reader = readerFor(config.reading);
  const { keys = noKeys, log = pino({ level: 'silent' }) } = parts;
  const { receive, onFailed } = receiver({ config, db, templates, log, reader, keys });
  const never = new AbortController().signal;
  let serial = 0;
  const opened = new Date();

  await db.transaction().execute(async (tx) => {
    await addCompany(tx, { name: 'Rossi S.r.l.', domains: ['rossi.it'], contracts: ['remote'] });
    await addCompany(tx, { name: 'Bianchi S.p.A.', domains: ['bianchi.it'], contracts: ['on-site'] });
    await addContact(tx, { email: 'ugo@gmail.com', name: 'Ugo Blu', company: 'Rossi S.r.l.' });
    await addStaff(tx, {
      email: 'luigi@kybernes.it',
      name: 'Luigi Verdi',
      role: 'technician',
      aliases: ['luigi.verdi@libero.it'],
    });
    await addStaff(tx, {
      email: 'marco@kybernes.it',
      name: 'Marco Gialli',
      role: 'technician',
      aliases: null,
    });
    await addStaff(tx, { email: 'carla@kybernes.it', name: 'Carla Neri', role: 'clerk', aliases: null });
    await addStaff(tx, { email: 'ada@kybernes.it', name: 'Ada Viola', role: 'administrator', aliases: null });
    await addQueue(tx, { address: 'pda@kybernes.it', name: 'Assistenza PDA' });
    await addCategory(tx, { name: 'Stampa', keywords: ['stampante', 'toner'] });
  });

  /** Takes letters in, in order, and decides whatever is due then. */
  async function arrive(letters: readonly TakenIn[]): Promise<number[]> {
    const ids = await takeIn(
      db,
      letters.map((letter) => {
        serial += 1;
        const raw = letter.raw ?? Buffer.from(bytesOf({ date: opened, ...letter }, serial));
        return {
          mailbox: null,
          uidValidity: null,
          uid: null,
          receivedAt: new Date(),
          envelopeRecipient: null,
          envelopeSender: letter.envelopeSender ?? null,
          raw,
          size: raw.byteLength,
          truncated: false,
        };
      }),
    );
    await receive(never);
    return ids;
  }

  async function send(letter: TakenIn): Promise<Outcome> {
    const before = await lastOutgoing();
    const [id] = await arrive([letter]);
    if (id === undefined) throw new Error('the message was not taken in');
    return { ...(await outcomeOf(id)), mails: await outgoingSince(before) };
  }

  async function outcomeOf(id: number): Promise<Omit<Outcome, 'mails'>> {
    const row = await db
      .selectFrom('message')
      .leftJoin('ticket', 'ticket.id', 'message.ticket_id')
      .select(['message.id', 'message.disposition', 'message.reason', 'ticket.number'])
      .where('message.id', '=', id)
      .executeTakeFirstOrThrow();
    return { id: row.id, disposition: row.disposition, reason: row.reason ?? '', ticket: row.number };
  }

  async function lastOutgoing(): Promise<number> {
    const row = await db
      .selectFrom('outbox')
      .select((eb) => eb.fn.max('id').as('id'))
      .executeTakeFirst();
    return row?.id ?? 0;
  }

  async function outgoingSince(id: number): Promise<Sent[]> {
    const rows = await db.selectFrom('outbox').selectAll().where('id', '>', id).orderBy('id').execute();
    return Promise.all(
      rows.map(async (row) => ({
        id: row.id,
        to: row.recipient,
        template: row.template,
        ...(await wordsKept(db, row.id)),
        messageId: row.message_id,
        state: row.state,
      })),
    );
  }

  return {
    db,
    /** for the command line */
    url: scratch.url,
    config,
    arrive,
    send,
    receive: () => receive(never),
    onFailed,
    outcomeOf,
    outgoingSince,
    drop: () => scratch.drop(),
    async ticket(number: number) {
      return db.selectFrom('ticket').selectAll().where('number', '=', number).executeTakeFirstOrThrow();
    },
    async events(number: number): Promise<string[]> {
      const rows = await db
        .selectFrom('ticket_event')
        .innerJoin('ticket', 'ticket.id', 'ticket_event.ticket_id')
        .select('ticket_event.type')
        .where('ticket.number', '=', number)
        .orderBy('ticket_event.id')
        .execute();
      return rows.map((row) => row.type);
    },
  };
}
export type PathDesk = Awaited<ReturnType<typeof openDesk>>;

/** `template > recipient`, sorted: who got what. */
export function told(outcome: { mails: Sent[] }): string[] {
  return outcome.mails.map((mail) => `${mail.template} > ${mail.to.split('@')[0]}`).toSorted();
}

/** The mail this person got. */
export function mailTo(outcome: { mails: Sent[] }, email: string): Sent {
  const mail = outcome.mails.find((m) => m.to === email);
  if (mail === undefined) throw new Error(`no mail to ${email} among ${told(outcome).join(', ')}`);
  return mail;
}

/** The reply that a staff member's mail program makes to a notification. */
export function answer(mail: Sent, text: string, from = mail.to): TakenIn {
  return { from, to: mail.replyTo, subject: `Re: ${mail.subject}`, text, inReplyTo: mail.messageId };
}

let written = 0;

/** Text of a letter for which a test gives none; different for each, so that no letter is one mail sent twice. */
function textOf({ id }: TakenIn): string {
  if (id === undefined) written += 1;
  return `La stampante del piano terra non stampa.${id === undefined ? ' Ancora.'.repeat(written % 50) : ''}`;
}

function bytesOf(letter: TakenIn, serial: number): string {
  const domain = /@([^>\s]+)/.exec(letter.from)?.[1] ?? 'example.org';
  const {
    dmarc = 'pass',
    id = `<m${serial}.${Math.round(performance.now() * 1000)}@${domain}>`,
    date = null,
  } = letter;
  return [
    ...(dmarc === null ? [] : [`Authentication-Results: ${authserv}; dmarc=${dmarc} header.from=${domain}`]),
    ...(letter.headers ?? []),
    `From: ${letter.from}`,
    `To: ${letter.to ?? desk}`,
    ...(letter.cc === undefined ? [] : [`Cc: ${letter.cc}`]),
    `Subject: ${letter.subject ?? 'Richiesta di assistenza'}`,
    ...(id === null ? [] : [`Message-ID: ${id}`]),
    ...(letter.inReplyTo === undefined
      ? []
      : [`In-Reply-To: ${letter.inReplyTo}`, `References: ${letter.inReplyTo}`]),
    ...(date === null ? [] : [`Date: ${date.toUTCString().replace('GMT', '+0000')}`]),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    letter.text ?? textOf(letter),
    '',
  ].join('\r\n');
}
