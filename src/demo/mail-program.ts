import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Address } from '../core/address/address.ts';
import type { Attachment } from '../core/message/message.ts';
import { readContent } from '../mail/parse/content.ts';
import { defaultLimits } from '../config/limits.ts';
import { parseMessage } from '../mail/parse/parse.ts';
import type { MailServer } from './mail-server.ts';
import { linksOf } from './mailto.ts';
import type { Person } from './people.ts';
import type { Config } from '../config/settings.ts';

/** A mail as a mail program shows it. */
export type ShownMail = {
  messageId: string;
  references: string[];
  date: Date | null;
  subject: string;
  from: Address;
  replyTo: string;
  to: Address[];
  cc: Address[];
  text: string;
  /** '' where it has none */
  html: string;
  attachments: Attachment[];
};

/** A file that goes along. */
export type DraftFile = { filename: string; contentType: string; content: Buffer };

/** A draft; the mail program adds the rest. `to` and `cc` are lists of addresses, `cc` may be empty. */
export type Draft = {
  to: string;
  cc: string;
  subject: string;
  text: string;
  inReplyTo: string | null;
  references: string[];
  files: DraftFile[];
};

/** Understands the bytes of a received mail. */
export async function openMail(raw: Uint8Array): Promise<ShownMail> {
  const [message, content] = await Promise.all([parseMessage(raw), readContent(raw, defaultLimits)]);
  const from = message.from.ok ? message.from.address : { name: '', email: '' };
  return {
    messageId: message.messageId ?? '',
    references: message.references,
    date: message.date,
    subject: message.subject,
    from,
    replyTo: message.replyTo[0]?.email ?? from.email,
    to: message.to,
    cc: message.cc,
    text: message.fullText,
    html: content.html ?? '',
    attachments: message.attachments,
  };
}

/** A login to a person's mailbox; not connected yet. */
export function imapLogin(server: Pick<MailServer, 'imapUrl'>, person: Person): ImapFlow {
  const url = new URL(server.imapUrl(person.email));
  return new ImapFlow({
    host: url.hostname,
    port: Number(url.port),
    secure: false,
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    logger: false,
    // hears of new mail at once, not after the usual quarter of a minute
    autoIdleDelay: 50,
  });
}

/** Reads a person's inbox over IMAP, oldest first. */
export async function readInbox(server: Pick<MailServer, 'imapUrl'>, person: Person): Promise<ShownMail[]> {
  const client = imapLogin(server, person);
  await client.connect();
  try {
    const { exists } = await client.mailboxOpen('INBOX', { readOnly: true });
    const raws: Buffer[] = [];
    if (exists > 0)
      for await (const { source } of client.fetch('1:*', { source: true }))
        if (source !== undefined) raws.push(source);
    return await Promise.all(raws.map(openMail));
  } finally {
    await client.logout();
  }
}

/**
 * Sends over SMTP, logged in as the person.
 * @returns the Message-ID it went out with, and its bytes, for the folder of sent mail
 * @throws what the server refuses with
 */
export async function sendMail(
  server: Pick<MailServer, 'smtpUrl'>,
  person: Person,
  draft: Draft,
): Promise<{ messageId: string; raw: Buffer }> {
  const mail = new MailComposer({
    from: { name: person.name, address: person.email },
    to: draft.to,
    ...(draft.cc === '' ? {} : { cc: draft.cc }),
    subject: draft.subject,
    text: draft.text,
    ...(draft.inReplyTo === null ? {} : { inReplyTo: draft.inReplyTo, references: draft.references }),
    attachments: draft.files,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const messageId = mail.messageId();
  const raw = await mail.build();
  const transport = createTransport(server.smtpUrl(person.email));
  try {
    await transport.sendMail({ envelope: mail.getEnvelope(), raw });
    return { messageId, raw };
  } finally {
    transport.close();
  }
}

/** A mail that answers nothing. */
export function newMail(to: string, subject: string, text: string): Draft {
  return { to, cc: '', subject, text, inReplyTo: null, references: [], files: [] };
}

/** Drafts the mail that a click on a button prepares, with text written into its space. Throws if the mail has no such button. */
export function pressButton(mail: ShownMail, word: string, text: string): Draft {
  const link = linksOf(mail.html).find(({ body }) => body?.split(/\r?\n/, 1)[0] === word);
  if (link === undefined) throw new Error(`the mail "${mail.subject}" has no button that writes "${word}"`);
  const [, ...space] = (link.body ?? '').split(/\r?\n/);
  return newMail(link.to, link.subject, [word, text, ...space].join('\n'));
}

/** A reply as mail programs make it: the new text on top, the answered mail quoted below (RFC 5322 §3.6.4). */
export function replyTo(mail: ShownMail, text: string, quoting: Quoting): Draft {
  const quoted = mail.text
    .trimEnd()
    .split('\n')
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()));
  return {
    to: mail.replyTo,
    cc: '',
    subject: /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`,
    text: [text, '', attribution(mail, quoting), '', ...quoted].join('\n'),
    inReplyTo: mail.messageId === '' ? null : mail.messageId,
    references: mail.messageId === '' ? [] : [...mail.references, mail.messageId],
    files: [],
  };
}

/** The same reply, to everybody whom the mail reached; null where that is nobody else. */
export function replyToAll(mail: ShownMail, self: string, text: string, quoting: Quoting): Draft | null {
  const reply = replyTo(mail, text, quoting);
  const others = [...mail.to, ...mail.cc]
    .map(({ email }) => email)
    .filter((email, i, all) => email !== self && email !== reply.to && all.indexOf(email) === i);
  return others.length === 0 ? null : { ...reply, cc: others.join(', ') };
}

/** In which words and whose time the answered mail is introduced. */
export type Quoting = Pick<Config, 'locale' | 'timeZone'>;

/** The line above the quote, as Gmail writes it. */
function attribution({ date, from }: ShownMail, { locale, timeZone }: Quoting): string {
  const sender = from.name === '' ? `<${from.email}>` : `${from.name} <${from.email}>`;
  const at = date ?? new Date(0);
  const words = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale === 'it' ? 'it-IT' : 'en-US', { timeZone, ...options }).format(at);
  const day = words({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const time = words({ hour: 'numeric', minute: '2-digit' });
  return locale === 'it'
    ? `Il giorno ${day} alle ore ${time} ${sender} ha scritto:`
    : `On ${day} at ${time} ${sender} wrote:`;
}

/** One orange pixel. */
export const photo: DraftFile = {
  filename: 'spia-toner.png',
  contentType: 'image/png',
  content: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  ),
};
