import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { readContent } from '../mail/content.ts';
import { defaultLimits } from '../mail/limits.ts';
import { parseMessage } from '../mail/parse.ts';
import type { MailServer } from './mail-server.ts';
import { linksOf } from './mailto.ts';
import type { Person } from './people.ts';

/** A mail as a mail program shows it. */
export type Mail = {
  messageId: string;
  subject: string;
  from: { name: string; email: string };
  replyTo: string;
  text: string;
  html: string;
};

/** What is written; the mail program adds the rest. */
export type Draft = { to: string; subject: string; text: string; inReplyTo: string | null; photo: boolean };

/** Understands the bytes of a received mail. */
export async function openMail(raw: Uint8Array): Promise<Mail> {
  const message = await parseMessage(raw);
  const from = message.from.ok ? message.from.address : { name: '', email: '' };
  return {
    messageId: message.messageId ?? '',
    subject: message.subject,
    from,
    replyTo: message.replyTo[0]?.email ?? from.email,
    text: message.fullText,
    html: readContent(raw, defaultLimits).html ?? '',
  };
}

/** Reads a person's inbox over IMAP, oldest first. */
export async function readInbox(server: Pick<MailServer, 'imapUrl'>, person: Person): Promise<Mail[]> {
  const url = new URL(server.imapUrl(person.email));
  const client = new ImapFlow({
    host: url.hostname,
    port: Number(url.port),
    secure: false,
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    logger: false,
  });
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

/** Sends over SMTP, logged in as the person. @returns the Message-ID it went out with */
export async function sendMail(
  server: Pick<MailServer, 'smtpUrl'>,
  person: Person,
  draft: Draft,
): Promise<string> {
  const transport = createTransport(server.smtpUrl(person.email));
  try {
    const sent = await transport.sendMail({
      from: { name: person.name, address: person.email },
      to: draft.to,
      subject: draft.subject,
      text: draft.text,
      ...(draft.inReplyTo === null ? {} : { inReplyTo: draft.inReplyTo, references: draft.inReplyTo }),
      ...(draft.photo
        ? { attachments: [{ filename: 'spia-toner.png', content: photo, contentType: 'image/png' }] }
        : {}),
    });
    return sent.messageId;
  } finally {
    transport.close();
  }
}

/** What a click on a button prepares, with text written into its space. Throws where the mail has no such button. */
export function pressButton(mail: Mail, word: string, text: string): Draft {
  const link = linksOf(mail.html).find(({ body }) => body?.split(/\r?\n/, 1)[0] === word);
  if (link === undefined) throw new Error(`the mail "${mail.subject}" has no button that writes "${word}"`);
  const [, ...space] = (link.body ?? '').split(/\r?\n/);
  return {
    to: link.to,
    subject: link.subject,
    text: [word, text, ...space].join('\n'),
    inReplyTo: null,
    photo: false,
  };
}

/** A reply as mail programs make it: the new text on top, the answered mail quoted below. */
export function replyTo(mail: Mail, text: string, withPhoto: boolean): Draft {
  const quoted = mail.text.split('\n').map((line) => `> ${line}`);
  return {
    to: mail.replyTo,
    subject: `Re: ${mail.subject}`,
    text: [
      text,
      '',
      `Il giorno mar 24 nov 2026 alle ore 10:02 ${mail.from.name} <${mail.from.email}> ha scritto:`,
      '',
      ...quoted,
    ].join('\n'),
    inReplyTo: mail.messageId,
    photo: withPhoto,
  };
}

/** One orange pixel. */
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);
