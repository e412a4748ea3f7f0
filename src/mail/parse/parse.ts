import { type From, parseAddressList, parseFrom } from '../../core/address/address-list.ts';
import { type Address, addressesIn, emailDomain, normaliseEmail } from '../../core/address/address.ts';
import { picturesOf } from '../../core/message/attachments.ts';
import { parseAuthenticationResults } from '../../core/message/authentication-results.ts';
import {
  isMarkedSpam,
  isNeverAnswered,
  isPerhapsAPersons,
  isPerhapsOnePersons,
  type Judgement,
} from '../../core/classify/kind.ts';
import { gistOf, newWordsOf } from '../../core/classify/new-words.ts';
import { readBounce } from '../../core/classify/bounce.ts';
import { decodeHeaderText, readHeaderText } from '../../core/letters/header-text.ts';
import { parseMailDate } from '../../core/message/date.ts';
import type { BounceReport, Message } from '../../core/message/message.ts';
import { type Defect, quarantineReason } from '../../core/words/quarantine.ts';
import { type Warning, warningInWords } from '../../core/words/warnings.ts';
import { ordersOf } from '../../core/commands/reading.ts';
import { phoneOf } from '../../core/reply/client-phone.ts';
import { readOpening } from '../../core/reply/opening.ts';
import { extractReply, htmlToText } from '../../core/reply/reply.ts';
import { safeHtml } from '../../core/html/safe.ts';
import { cleanSubject, hasReplyPrefix, readMessageIds } from '../../core/message/thread.ts';

import { complete } from './complete.ts';
import { type Content, readContent, reportParts } from './content.ts';
import type { Headers } from './headers.ts';
import { judgeContent, lookup } from './kind.ts';
import { defaultLimits, type ParseLimits } from '../../config/limits.ts';
import { sha256 } from './sha256.ts';
import type { Reply } from '../../core/message/reply.ts';
/** The last ones count: the oldest ids of a long thread say nothing that they do not. */
const keptReferences = 20;
/** Servers put theirs on top; a mail passes a few. */
const readVerdicts = 50;
/** Nobody reads more of a subject. */
const longestSubject = 1_000;

/**
 * Makes a Message of the bytes of one mail. Never rejects, whatever the bytes: what makes a mail impossible to
 * act on becomes its `defect`, with sender, subject and Message-ID as far as they could be read.
 * Linear in the size of the mail.
 * @param options `deliveredTo`: addresses known from outside (the envelope); `nullSender`: its envelope says that nobody
 * waits for an answer; `truncated`: only the headers are there, because the message is over the size limit
 */
export async function parseMessage(
  raw: Uint8Array,
  options: { deliveredTo?: string[]; limits?: ParseLimits; nullSender?: boolean; truncated?: boolean } = {},
): Promise<Message> {
  const limits = options.limits ?? defaultLimits;
  const content = await complete(await readContent(raw, limits), limits);
  // a server that hands mail over by a pipe may leave the header out (RFC 5321 §4.4)
  if (options.nullSender === true) content.headers.set('return-path', ['<>']);
  const { headers } = content;

  const from = parseFrom(headers.get('from') ?? []);
  const sender = readOneAddress(headers, 'sender');
  const subject = decodeHeaderText(headers.get('subject')?.[0] ?? '')
    .slice(0, longestSubject)
    .toWellFormed();
  const replyTo = readAddresses(headers, 'reply-to');
  const to = readAddresses(headers, 'to');
  const cc = readAddresses(headers, 'cc');
  const inReplyTo = idsOf(headers, 'in-reply-to');
  const references = idsOf(headers, 'references');
  const messageId = readMessageId(headers);
  const answers = inReplyTo.length > 0 || references.length > 0;

  const { text, html } = content;
  const extracted = extractReply({
    text,
    html,
    subject,
    isReply: answers || hasReplyPrefix(subject),
    namesAnother: answers,
  });
  const reply = await withAttachedOriginal(extracted, content, limits);
  // a mail that only passes on an attached one says what that one says
  const fullText = reply.whole.trim() === '' ? (reply.forwarded?.text ?? reply.whole) : reply.whole;
  const kind = judgeContent(content, { from, subject, text: reply.text, whole: fullText, answers });
  const defect =
    findDefect(content, options.truncated === true) ??
    findBadRecipients([replyTo, to, cc], to.addresses.length + cc.addresses.length, limits);

  const rich = html === null ? null : safeHtml(html, reply, picturesOf(content.attachments));
  const opening = readOpening(reply, fullText, rich);

  return {
    messageId,
    identity: messageId ?? `sha256:${sha256(raw)}`,
    contentHash: hashContent(content, subject),
    kind: isUnreadable(content) ? 'unreadable' : kind.kind,
    kindReason: isUnreadable(content)
      ? defect === null
        ? 'it cannot be read'
        : quarantineReason(defect, 'en')
      : kind.reason,
    from,
    originalFrom: readOneAddress(headers, 'x-original-from') ?? readOneAddress(headers, 'x-original-sender'),
    writtenAs: null,
    sender,
    replyTo: replyTo.addresses,
    to: to.addresses,
    cc: cc.addresses,
    deliveredTo: readDeliveredTo(headers, options.deliveredTo ?? []),
    subject,
    date: parseMailDate(headers.get('date')?.[0] ?? ''),
    inReplyTo,
    references,
    reply,
    opening,
    phone: phoneOf(opening, reply, fullText),
    newWords: newWordsOf(reply, []),
    subjectGist: gistOf(cleanSubject(subject)),
    orders: ordersOf(reply, subject),
    noCommand: findContradiction(content, from, sender, replyTo.addresses),
    fullText,
    attachments: content.attachments,
    rich,
    authenticationResults: (headers.get('authentication-results') ?? [])
      .slice(0, readVerdicts)
      .map((header) => parseAuthenticationResults(header)),
    twoReadings: content.twoReadings,
    ownDkim: null,
    unsubscribable: isPerhapsOnePersons(kind),
    perhapsAPersons: isPerhapsAPersons(kind),
    bounce: readReport(kind, content),
    spam: isMarkedSpam(lookup(headers)),
    noAnswer: isNeverAnswered(lookup(headers)),
    warnings: distinct([...content.warnings, ...mislabelled(headers), ...oddlyRead(reply)]),
    defect,
  };
}

function oddlyRead({ leavesOut, guessed, unstyled, htmlCut }: Reply): Warning[] {
  return [
    ...(htmlCut ? [{ kind: 'text_cut' } as const] : []),
    ...(leavesOut ? [{ kind: 'hidden_text' } as const] : []),
    ...(unstyled ? [{ kind: 'styles_dropped' } as const] : []),
    ...(guessed ? [{ kind: 'all_quoted' } as const] : []),
  ];
}

/** Charset warnings about the headers that people read. */
function mislabelled(headers: Headers): Warning[] {
  const shown = [headers.get('subject')?.[0] ?? '', headers.get('from')?.[0] ?? ''];
  const isWrong = shown.some((value) => readHeaderText(value.slice(0, 2_000)).mislabelled);
  return isWrong ? [{ kind: 'charset_wrong' }] : [];
}

/** Warnings without duplicates, in order. */
function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [warningInWords(warning, 'en'), warning])).values()];
}

function readAddresses(headers: Headers, name: string) {
  return parseAddressList((headers.get(name) ?? []).join(', '));
}

/** Reads a header with a single mailbox; null if absent, or not single. */
function readOneAddress(headers: Headers, name: string): Address | null {
  const values = headers.get(name);
  const read = values === undefined ? null : parseFrom(values);
  return read?.ok === true ? read.address : null;
}

function idsOf(headers: Headers, name: string): string[] {
  const ids = readMessageIds((headers.get(name) ?? []).join(' '));
  return ids.slice(-keptReferences).map(cleanId);
}

/** Message-IDs are compared, never shown as words: forbidden characters are merely removed. */
function cleanId(id: string): string {
  return id.replace(/\p{Cc}/gu, '').toWellFormed();
}

/** A message with two ids has the first. */
function readMessageId(headers: Headers): string | null {
  const [id] = readMessageIds(headers.get('message-id')?.[0] ?? '');
  return id === undefined ? null : cleanId(id);
}

/** Every address the mail was delivered to, bare and each once; from outside first. */
function readDeliveredTo(headers: Headers, known: string[]): string[] {
  const values = [...(headers.get('delivered-to') ?? []), ...(headers.get('x-original-to') ?? [])];
  const emails = [
    ...known.map((address) => normaliseEmail(address)),
    ...values.flatMap((value) => parseAddressList(value).addresses.map(({ email }) => email)),
  ];
  return [...new Set(emails.filter((email) => email !== null))];
}

/** A mail that is a forward by attachment (Outlook, Apple Mail, Thunderbird) brings its original whole. */
async function withAttachedOriginal(reply: Reply, content: Content, limits: ParseLimits): Promise<Reply> {
  if (reply.forwarded !== null || content.contentType === 'multipart/report') return reply;
  const original = await attachedMessage(content, limits);
  if (original === null) return reply;
  const from = parseFrom(original.headers.get('from') ?? []);
  return {
    ...(reply.guessed ? withoutGuess(reply) : reply),
    forwarded: {
      from: from.ok ? from.address : null,
      subject: decodeHeaderText(original.headers.get('subject')?.[0] ?? '').slice(0, longestSubject),
      text: await innermostText(original, limits, 1),
      attached: true,
    },
  };
}

/** A mail that passes another one on says that one: a signature alone is no word about it. */
function withoutGuess(reply: Reply): Reply {
  return { ...reply, text: '', textWithContext: '', guessed: false };
}

/** The single message attached to another; null if there is none or several. */
async function attachedMessage(content: Content, limits: ParseLimits): Promise<Content | null> {
  const [only, ...more] = content.attachments.filter(({ contentType }) => contentType === 'message/rfc822');
  if (only === undefined || more.length > 0) return null;
  const inner = await complete(await readContent(only.content, limits), limits);
  return inner.headers.size === 0 || inner.defect !== null ? null : inner;
}

/** A message that contains only another one is read as that one, to the limit of depth (BAD-MAIL 5). */
async function innermostText(content: Content, limits: ParseLimits, depth: number): Promise<string> {
  const own = content.text ?? (content.html === null ? '' : htmlToText(content.html));
  if (own.trim() !== '' || depth >= limits.messageDepth) return own;
  const inner = await attachedMessage(content, limits);
  return inner === null ? own : innermostText(inner, limits, depth + 1);
}

/** No headers at all, or more than may be read: the message cannot be identified. */
function isUnreadable({ headers, defect }: Content): boolean {
  return headers.size === 0 || defect !== null;
}

function findDefect({ headers, defect }: Content, truncated: boolean): Defect | null {
  if (truncated) return { kind: 'over_size' };
  if (headers.size === 0) return { kind: 'no_headers' };
  if (defect !== null) return { kind: 'excess', excess: defect };
  return headers.has('x-trasporto') ? { kind: 'envelope_not_believed' } : null;
}

function findBadRecipients(
  lists: { nestedGroups: boolean }[],
  recipients: number,
  limits: ParseLimits,
): Defect | null {
  if (lists.some(({ nestedGroups }) => nestedGroups)) {
    return { kind: 'nested_groups' };
  }
  return recipients > limits.recipients
    ? { kind: 'recipients', count: recipients, most: limits.recipients }
    : null;
}

/**
 * Headers that a mail has once (RFC 5322 §3.6, RFC 2045 §3). Of two, a signature may cover the one and a reader show the
 * other: a replay of a genuine command with a second Message-ID or Subject on top is another mail.
 */
const onceOnly = ['Content-Type', 'Content-Transfer-Encoding', 'Subject', 'Message-ID', 'Date', 'To', 'Cc'];

/** Finds headers that contradict each other about the sender or the text: then no word commands. */
function findContradiction(
  content: Content,
  from: From,
  sender: Address | null,
  replyTo: Address[],
): string | null {
  const repeated = onceOnly.find((name) => (content.headers.get(name.toLowerCase())?.length ?? 0) > 1);
  if (repeated !== undefined)
    return `it has ${content.headers.get(repeated.toLowerCase())?.length} ${repeated} headers`;
  if (!from.ok) return null;
  const { name, email } = from.address;
  if (addressesIn(name).some((written) => normaliseEmail(written) !== email)) {
    return 'its display name holds another address than its From';
  }
  if (replyTo.some((address) => address.email !== email)) return 'its Reply-To is not its From address';
  if (sender === null && content.headers.has('sender')) return 'its Sender names nobody';
  if (sender !== null && sender.email !== email) {
    return `its Sender, at ${emailDomain(sender.email)}, is not its From address`;
  }
  return null;
}

function readReport({ kind }: Judgement, { headers, leaves }: Content): BounceReport | null {
  if (kind !== 'bounce') return null;
  const failed = headers.get('x-failed-recipients') ?? [];
  return readBounce(reportParts(leaves), failed, [
    ...idsOf(headers, 'in-reply-to'),
    ...idsOf(headers, 'references'),
  ]);
}

/** Hash that is stable while a mail travels: transport headers may differ, its content may not (BAD-MAIL 50, 51). */
function hashContent(content: Content, subject: string): string {
  const { headers } = content;
  const said = [headers.get('from'), headers.get('date'), subject, content.text, content.html];
  return sha256(JSON.stringify([...said, content.attachments.map((attachment) => attachment.sha256)]));
}
