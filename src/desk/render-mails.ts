import { randomBytes, randomUUID } from 'node:crypto';
import { emailDomain } from '../core/address/address.ts';
import type { NewToken, Outgoing } from '../core/ticket/decision.ts';
import type { Mail } from '../core/ticket/template-views.ts';
import type { Config } from '../config/settings.ts';
import type { FreshToken, MailToQueue } from '../store/save/write-outbox.ts';
import { tokenHash } from '../store/snapshot/tokens.ts';
import type { Frame } from '../templates/context.ts';
import type { Templates } from '../templates/render.ts';

/** Dependencies of rendering. */
export type Rendering = { templates: Templates; config: Pick<Config, 'desk' | 'replyAddressing'> };

/**
 * The mails of a decision, rendered, each with a Message-ID and reply tokens of its own. Writes nothing: a token counts once
 * its hash is saved.
 */
export function renderMails(outgoing: readonly Outgoing[], rendering: Rendering): MailToQueue[] {
  return outgoing.map((one) => renderMail(one, rendering));
}

function renderMail(outgoing: Outgoing, { templates, config }: Rendering): MailToQueue {
  const { mail, queue, fold, token } = outgoing;
  const main = token === null ? null : newToken(token);
  const entries = entriesOf(mail).map(({ id, subject }) => ({ id, ...newToken(subject) }));
  const address = (written: string | null): { replyTo: string; token: string | null } =>
    written === null || config.replyAddressing === 'subject'
      ? { replyTo: queue.address, token: written }
      : { replyTo: withDetail(queue.address, written), token: null };
  const reply = address(main?.written ?? null);
  const frame: Frame = {
    ...reply,
    deskAddress: config.desk.address,
    entryReplyTo: Object.fromEntries(entries.map(({ id, written }) => [id, address(written)])),
    below: fold?.below ?? [],
  };
  const { subject, text, html } = templates.render(mail, frame);
  return {
    outgoing,
    subject,
    text,
    html,
    messageId: `<${randomUUID()}@${emailDomain(config.desk.address)}>`,
    replyTo: reply.replyTo,
    tokens: [...(main === null ? [] : [main]), ...entries].map(({ kept }) => kept),
  };
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

/** A token of 128 random bits in lower-case base32 (RFC 4648 §6), 26 letters: as the mail writes it, and as it is kept. */
function newToken(subject: NewToken): { written: string; kept: FreshToken } {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = BigInt(`0x${randomBytes(16).toString('hex')}`);
  let written = '';
  for (let i = 0; i < 26; i += 1) {
    written = (letters[Number(bits & 31n)] ?? '') + written;
    bits >>= 5n;
  }
  return { written, kept: { hash: tokenHash(written), subject } };
}

function withDetail(address: string, detail: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}+${detail}${address.slice(at)}`;
}
