import { createHash } from 'node:crypto';
import { escapeHtml } from '../../core/html/elements.ts';
import { type MailBody, bodyOf, cutAtTokens, slot } from '../body/mail-body.ts';
import { filePartsOf, type FileToSend } from './file-part.ts';
import { mailboxHeader, nameHeader, textHeader, wordsHeader } from './header-words.ts';
import { quotedPrintable } from '../body/quoted-printable.ts';
import { boundaryStart, type BodyWords, partHead, writtenWords } from '../body/written-words.ts';

/** What mails to several readers have in common. Message-IDs stand in angle brackets. */
export type MailToCompose = {
  /** its Date */
  writtenAt: Date;
  /** display name of its From */
  fromName: string;
  replyTo: string | null;
  inReplyTo: string | null;
  references: readonly string[];
  subject: string;
  text: string;
  html: string;
  /** to a client or a stranger, not to staff */
  toClient: boolean;
  /** letters that stand for its reader's reply tokens, wherever they occur above */
  tokens: readonly string[];
};

type Pieces = readonly (string | Uint8Array | number)[];

/**
 * A mail (RFC 5322, MIME) with gaps for what is its reader's alone. It is marked as automatic: `auto-replied` where it answers a
 * client, else `auto-generated` (RFC 3834 §5), and as one that wants no automatic answer. The same data always make the same bytes.
 * @param files all of them go along: pictures that the HTML shows within it, the others as downloads
 */
export function compose(mail: MailToCompose, files: readonly FileToSend[]): MailBody {
  const { tokens } = mail;
  const answers = mail.toClient && mail.inReplyTo !== null;
  const references = mail.references.filter(isMessageId);
  return bodyOf([
    nameHeader('From', mail.fromName),
    slot.sender,
    '\r\n',
    slot.to,
    '\r\n',
    ...(mail.replyTo === null
      ? []
      : cutAtTokens(mailboxHeader('Reply-To', { name: '', email: mail.replyTo }), tokens)),
    ...cutAtTokens(textHeader('Subject', mail.subject, tokens), tokens),
    'Message-ID: ',
    slot.messageId,
    '\r\n',
    isMessageId(mail.inReplyTo) ? wordsHeader('In-Reply-To', [mail.inReplyTo]) : '',
    references.length === 0 ? '' : wordsHeader('References', references),
    `Date: ${mail.writtenAt.toUTCString().replace('GMT', '+0000')}\r\n`,
    `Auto-Submitted: ${answers ? 'auto-replied' : 'auto-generated'}\r\n`,
    'X-Auto-Response-Suppress: All\r\n',
    endOfHeaders,
    ...contentOf(mail, files),
  ]);
}

/** What begins the headers that say how the mail is made up. */
const endOfHeaders = 'MIME-Version: 1.0\r\n';

/** The part of a mail that is its words and files. */
function contentOf({ text, html, tokens }: BodyWords, files: readonly FileToSend[]): Pieces {
  const parts = filePartsOf(files, html).map(({ head, isShown }, i) => ({ isShown, pieces: [head, -1 - i] }));
  const shown = parts.filter(({ isShown }) => isShown).map(({ pieces }) => pieces);
  const others = parts.filter(({ isShown }) => !isShown).map(({ pieces }) => pieces);
  const plain = [partHead.text, ...quotedPrintable(cutAtTokens(text, tokens))];
  const page = [partHead.html, ...quotedPrintable(cutAtTokens(html, tokens))];
  const name = nameOf([...plain, ...page]);
  const illustrated =
    shown.length === 0 ? page : multipart('related; type="text/html"', `${name}-3`, [page, ...shown]);
  const both = multipart('alternative', `${name}-2`, [plain, illustrated]);
  return others.length === 0 ? both : multipart('mixed', `${name}-1`, [both, ...others]);
}

/** A name for the boundaries of a mail with these words. */
function nameOf(pieces: Pieces): string {
  const hash = createHash('sha256');
  for (const piece of pieces) if (typeof piece !== 'number') hash.update(piece);
  return hash.digest('hex').slice(0, 24);
}

function multipart(type: string, name: string, parts: readonly Pieces[]): Pieces {
  const boundary = boundaryStart + name;
  return [
    `Content-Type: multipart/${type};\r\n boundary="${boundary}"\r\n\r\n`,
    ...parts.flatMap((part) => [`--${boundary}\r\n`, ...part, '\r\n']),
    `--${boundary}--\r\n`,
  ];
}

/** A mail as it goes out without its files, with the same gaps for tokens. @param postscript one more line at its end, which says so */
export function withoutFiles(body: MailBody, postscript: string): MailBody {
  // no text of ours holds a control character
  const tokens = body.gaps.map((_, i) => `\0${i}\0`);
  const { text, html } = writtenWords(body, tokens);
  const line = `<p style="font-family:sans-serif;font-size:16px;padding:0 16px">${escapeHtml(postscript)}</p>`;
  const end = html.lastIndexOf('</body>');
  const words = {
    text: `${text.trimEnd()}\n\n${postscript}\n`,
    html: end < 0 ? html + line : html.slice(0, end) + line + html.slice(end),
    tokens,
  };
  const headers = body.bytes.indexOf(endOfHeaders) + endOfHeaders.length;
  const kept = bodyOf([body.bytes.subarray(0, headers), ...contentOf(words, [])]);
  const gaps = body.gaps.filter((_, i) => (body.gaps[i - (i % 2)] ?? 0) < headers);
  return { bytes: kept.bytes, gaps: [...gaps, ...kept.gaps] };
}

/** No header's line may be longer than 998 octets (RFC 5322 §2.1.1). */
const longestId = 902;

/** One id of RFC 5322 §3.6.4, in brackets; a client's mail may carry anything there. */
function isMessageId(id: string | null): id is string {
  return id !== null && id.length <= longestId && /^<[\x21-\x3b\x3d\x3f-\x7e]+>$/.test(id);
}
