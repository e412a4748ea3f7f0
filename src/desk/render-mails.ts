import { hash, randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Address, emailDomain } from '../core/address/address.ts';
import { tokenLength } from '../core/address/reply-token.ts';
import type { NewToken, Outgoing } from '../core/ticket/decision.ts';
import type { Mail } from '../core/ticket/template-views.ts';
import type { Config } from '../config/settings.ts';
import { compose } from '../mail/smtp/compose.ts';
import type { FileToSend } from '../mail/smtp/file-part.ts';
import { toHeader } from '../mail/smtp/header-words.ts';
import type { NewBody } from '../store/mails/mail-bodies.ts';
import type { FreshToken, MailToQueue } from '../store/save/write-outbox.ts';
import { tokenHash } from '../store/snapshot/tokens.ts';
import type { Frame } from '../templates/context.ts';
import type { Templates } from '../templates/render.ts';

/** Dependencies of rendering. */
export type Rendering = { templates: Templates; config: Pick<Config, 'desk' | 'replyAddressing'> };

/** What mails are rendered with, besides the decision. */
export type ForMails = {
  /** their Date */
  now: Date;
  /** the files of the message that is decided, as far as they are passed on */
  files: readonly FileToSend[];
};

/**
 * The mails of a decision, each with a Message-ID and reply tokens of its own. Those that are the same to several readers are
 * rendered and encoded once. Writes nothing: a token counts once its hash is saved.
 */
export function renderMails(
  outgoing: readonly Outgoing[],
  rendering: Rendering,
  given: ForMails,
): MailToQueue[] {
  const rendered: { common: Common; body: NewBody }[] = [];
  return outgoing.map((one) => {
    const common = commonOf(one);
    let found = rendered.find((other) => isDeepStrictEqual(other.common, common));
    if (found === undefined) {
      found = { common, body: renderBody(common, rendering, given) };
      rendered.push(found);
    }
    const fresh = tokensOf(one.mail, one.token).map(newToken);
    return {
      outgoing: one,
      body: found.body,
      slots: [toHeader(addressOf(one)), ...fresh.map(({ written }) => written)],
      messageId: `<${randomUUID()}@${emailDomain(rendering.config.desk.address)}>`,
      tokens: fresh.map(({ kept }) => kept),
    };
  });
}

/** All of a mail that its readers' mails may have in common: where it is equal, so is what they read. */
function commonOf({ mail, queue, to, token, fold, ...outgoing }: Outgoing) {
  return {
    mail,
    queue,
    toClient: to.kind === 'client',
    isAnswerable: token !== null,
    below: fold?.below ?? [],
    inReplyTo: outgoing.inReplyTo,
    references: outgoing.references,
    withAttachments: outgoing.withAttachments,
    ownFiles: outgoing.files ?? [],
  };
}
type Common = ReturnType<typeof commonOf>;

function addressOf({ to }: Outgoing): Address {
  return to.kind === 'staff' ? to.staff : to.address;
}

function renderBody(common: Common, { templates, config }: Rendering, { now, files }: ForMails): NewBody {
  const { mail, queue } = common;
  const entries = entriesOf(mail).map(({ id }) => ({ id, letters: randomToken() }));
  const main = common.isAnswerable ? randomToken() : null;
  const address = (letters: string | null): { replyTo: string; token: string | null } =>
    letters === null || config.replyAddressing === 'subject'
      ? { replyTo: queue.address, token: letters }
      : { replyTo: withDetail(queue.address, letters), token: null };
  const frame: Frame = {
    ...address(main),
    deskAddress: config.desk.address,
    entryReplyTo: Object.fromEntries(entries.map(({ id, letters }) => [id, address(letters)])),
    below: common.below,
  };
  const words = templates.render(mail, frame);
  const tokens = [...(main === null ? [] : [main]), ...entries.map(({ letters }) => letters)];
  const own = common.ownFiles.map((file) => ({
    ...file,
    sha256: hash('sha256', file.content),
    isOurs: true,
  }));
  const all: FileToSend[] = [...(common.withAttachments ? files : []), ...own];
  const body = compose(
    {
      ...words,
      writtenAt: now,
      fromName: queue.name,
      replyTo: address(main).replyTo,
      inReplyTo: common.inReplyTo,
      references: common.references,
      toClient: common.toClient,
      tokens,
    },
    all,
  );
  return {
    body,
    subject: tokens.reduce((said, letters) => said.replaceAll(letters, '…'), words.subject),
    files: all.map(({ sha256, content, isOurs = false }) => ({ sha256, content: isOurs ? content : null })),
  };
}

/** The purposes of a mail's tokens, in the order in which they fill its gaps. */
function tokensOf(mail: Mail, main: NewToken | null): NewToken[] {
  return [...(main === null ? [] : [main]), ...entriesOf(mail).map(({ subject }) => subject)];
}

/** Entries of a list that are answered separately, and the purpose of each one's token. */
function entriesOf({ template, view }: Mail): { id: number; subject: NewToken }[] {
  if (template === 'held-staff')
    return view.also.length === 0 ? [] : [view, ...view.also].map((entry) => tokenOf('held', entry));
  if (template === 'quarantine-administrator') return view.also.map((entry) => tokenOf('quarantine', entry));
  if (template !== 'receipt-staff') return [];
  return view.held
    .filter(({ number, buttons }) => number !== null && buttons.length > 0)
    .map((entry) => tokenOf('held', entry));
}

function tokenOf(purpose: 'held' | 'quarantine', { id }: { id: number }): { id: number; subject: NewToken } {
  return { id, subject: { purpose, message: id } };
}

/** A fresh token: as the mail writes it, and as it is kept. */
function newToken(subject: NewToken): { written: string; kept: FreshToken } {
  const written = randomToken();
  return { written, kept: { hash: tokenHash(written), subject } };
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** 130 random bits in lower-case base32 (RFC 4648 §6), 26 letters. */
function randomToken(): string {
  let written = '';
  // of each byte 5 bits, which are as random as all 8
  for (const byte of randomBytes(tokenLength)) written += base32[byte & 31] ?? '';
  return written;
}

function withDetail(address: string, detail: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}+${detail}${address.slice(at)}`;
}
