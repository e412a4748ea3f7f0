import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Address } from '../../core/address/address.ts';
import { pictureId, pictureType, runsWhenOpened } from '../../core/message/attachments.ts';
import { oneLine } from '../../core/letters/clean.ts';
import { mailboxHeader, textHeader } from './header-words.ts';
import { escapeHtml } from '../../core/html/elements.ts';

/** An outgoing mail as the outbox keeps it. Message-IDs stand in angle brackets. */
export type MailToCompose = {
  messageId: string;
  /** its Date header: the bytes are the same whenever they are made */
  createdAt: Date;
  from: Address;
  to: Address;
  replyTo: string | null;
  inReplyTo: string | null;
  references: string[];
  subject: string;
  text: string;
  html: string;
  /** one more line at its end, which the templates did not know of */
  postscript: string | null;
  /** to a client or a stranger, not to staff */
  toClient: boolean;
};

/** `sha256` of its content, hex */
export type FileToPassOn = { filename: string; contentType: string; content: Buffer; sha256: string };

/**
 * The bytes of a mail (RFC 5322, MIME), marked as automatic: `auto-replied` where it answers a client, else
 * `auto-generated` (RFC 3834 §5), and as one that wants no automatic answer. The same mail always makes the same bytes.
 * @param files all of them go along: pictures that the HTML shows within it, the others as downloads
 */
export async function compose(mail: MailToCompose, files: FileToPassOn[]): Promise<Buffer> {
  const answers = mail.toClient && mail.inReplyTo !== null;
  const node = new MailComposer({
    messageId: mail.messageId,
    date: mail.createdAt,
    ...(isMessageId(mail.inReplyTo) ? { inReplyTo: mail.inReplyTo } : {}),
    ...(mail.references.length === 0 ? {} : { references: mail.references.filter(isMessageId) }),
    ...bodiesOf(mail),
    headers: {
      'Auto-Submitted': answers ? 'auto-replied' : 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    attachments: attachmentsOf(files, mail.html),
    baseBoundary: createHash('sha256').update(mail.messageId).digest('hex').slice(0, 24),
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const written = [
    mailboxHeader('From', mail.from),
    mailboxHeader('To', mail.to),
    ...(mail.replyTo === null ? [] : [mailboxHeader('Reply-To', { name: '', email: mail.replyTo })]),
    textHeader('Subject', mail.subject),
  ];
  return Buffer.concat([Buffer.from(written.join('')), await node.build()]);
}

function bodiesOf({ text, html, postscript }: MailToCompose): { text: string; html: string } {
  if (postscript === null) return { text, html };
  const line = `<p style="font-family:sans-serif;font-size:16px;padding:0 16px">${escapeHtml(postscript)}</p>`;
  const end = html.lastIndexOf('</body>');
  return {
    text: `${text.trimEnd()}\n\n${postscript}\n`,
    html: end < 0 ? html + line : html.slice(0, end) + line + html.slice(end),
  };
}

/** One id of RFC 5322 §3.6.4, in brackets; a client's mail may carry anything there. */
function isMessageId(id: string | null): id is string {
  return id !== null && /^<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>$/.test(id);
}

/** Types that a mail program shows and never runs. */
const inert =
  /^(?:image\/(?:png|jpeg|gif|webp|bmp|tiff|heic|heif|avif)|text\/(?:plain|csv)|audio\/[\w.+-]{1,80}|video\/[\w.+-]{1,80}|application\/(?:pdf|zip|msword|vnd\.(?:ms-excel|ms-powerpoint|openxmlformats-officedocument\.[\w.]{1,80}|oasis\.opendocument\.[\w.-]{1,80})))$/;
function attachmentsOf(files: FileToPassOn[], html: string) {
  const shown = new Set<string>();
  return files.map((file) => {
    const id = pictureId(file.sha256);
    const type = pictureType(file.content);
    if (type === null || shown.has(id) || !html.includes(`src="cid:${id}"`)) return attachmentOf(file);
    shown.add(id);
    return { ...attachmentOf(file), contentType: type, contentDisposition: 'inline' as const, cid: id };
  });
}

/** A download; unless certainly harmless, its type is one that no program opens automatically. */
function attachmentOf(file: FileToPassOn) {
  const harmless = inert.test(file.contentType) && !runsWhenOpened(file.filename);
  return {
    filename: oneLine(file.filename),
    content: file.content,
    contentType: harmless ? file.contentType : 'application/octet-stream',
    contentDisposition: 'attachment',
    contentTransferEncoding: 'base64',
  };
}
