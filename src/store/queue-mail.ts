import { randomBytes, randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import { emailDomain } from '../core/address.ts';
import type { Outgoing, TokenSubject } from '../core/decision.ts';
import type { Mail } from '../core/view.ts';
import type { Frame, Templates } from '../templates.ts';
import type { Database } from './database.ts';
import { tokenHash } from './load.ts';
import { stateOfNewMail } from './restore.ts';
import { ticketIdOf } from './tickets.ts';

/** What writing a decision needs besides the decision. */
export type Saving = {
  templates: Templates;
  config: Pick<Config, 'desk' | 'replyAddressing' | 'tokenDays'>;
  /** the database's clock */
  now: Date;
  /** the message that caused it; null: the outbox did */
  cause: number | null;
};

/** Renders a mail with a fresh token and queues it; one that folds takes the place of its waiting predecessor. */
export async function queueMail(
  tx: Database,
  outgoing: Outgoing,
  saving: Saving,
  place: { round: number; position: number },
): Promise<void> {
  const { to, mail, queue, fold } = outgoing;
  const { config, templates, now, cause } = saving;
  const main = outgoing.token === null ? null : newToken(outgoing.token);
  const entries =
    fold === null ? [] : entriesOf(mail).map(({ id, subject }) => ({ id, ...newToken(subject) }));
  const address = (token: string | null): { replyTo: string; token: string | null } =>
    token === null || config.replyAddressing === 'subject'
      ? { replyTo: queue.address, token }
      : { replyTo: withDetail(queue.address, token), token: null };
  const reply = address(main?.token ?? null);
  const frame: Frame = {
    ...reply,
    deskAddress: config.desk.address,
    entryReplyTo: Object.fromEntries(entries.map((entry) => [entry.id, address(entry.token)])),
  };
  const rendered = templates.render(mail, frame);
  const recipient = to.kind === 'staff' ? to.staff : to.address;
  const ticket = outgoing.ticket === null ? null : await ticketIdOf(tx, outgoing.ticket);
  const content = {
    ticket_id: ticket,
    reply_to: reply.replyTo,
    in_reply_to: outgoing.inReplyTo,
    reference_ids: outgoing.references,
    subject: rendered.subject,
    text: rendered.text,
    html: rendered.html,
    fold_items: fold === null ? null : JSON.stringify(fold.items),
  };
  const row = await tx
    .insertInto('outbox')
    .values({
      ...content,
      cause_id: cause,
      ...place,
      template: mail.template,
      staff_id: to.kind === 'staff' ? to.staff.id : null,
      recipient_name: recipient.name,
      recipient: recipient.email,
      from_name: queue.name,
      from_address: queue.address,
      message_id: `<${randomUUID()}@${emailDomain(config.desk.address)}>`,
      attachments_of: outgoing.withAttachments ? cause : null,
      fold_key: fold?.key ?? null,
      state: stateOfNewMail,
      next_attempt_at: new Date(now.getTime() + outgoing.delayMinutes * 60_000),
      created_at: now,
    })
    .onConflict((oc) =>
      oc
        .columns(['fold_key', 'recipient'])
        .where('state', '=', 'queued')
        .where('mime', 'is', null)
        .where('fold_key', 'is not', null)
        .doUpdateSet(content),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  if (fold !== null) await tx.deleteFrom('token').where('outbox_id', '=', row.id).execute();
  if (to.kind === 'staff') {
    const minted = main === null ? entries : [main, ...entries];
    for (const token of minted) await insertToken(tx, token, to.staff.id, row.id, saving);
  }
}

/** Entries of a folded notice that are answered each by itself, and what each one's token is for. */
function entriesOf(mail: Mail): { id: number; subject: TokenSubject }[] {
  const { template, view } = mail;
  if (template !== 'held-staff' && template !== 'quarantine-administrator') return [];
  const purpose = template === 'held-staff' ? 'held' : 'quarantine';
  return view.also.map(({ id }) => ({ id, subject: { purpose, message: id } }));
}

type NewToken = { token: string; subject: TokenSubject };

/** 128 random bits in lower-case base32 (RFC 4648 §6): 26 letters. */
function newToken(subject: TokenSubject): NewToken {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = BigInt(`0x${randomBytes(16).toString('hex')}`);
  let token = '';
  for (let i = 0; i < 26; i += 1) {
    token = (letters[Number(bits & 31n)] ?? '') + token;
    bits >>= 5n;
  }
  return { token, subject };
}

async function insertToken(
  tx: Database,
  { token, subject }: NewToken,
  staff: number,
  outbox: number,
  saving: Saving,
): Promise<void> {
  await tx
    .insertInto('token')
    .values({
      hash: tokenHash(token),
      purpose: subject.purpose,
      ticket_id: subject.purpose === 'ticket' ? await ticketIdOf(tx, subject.ticket) : null,
      message_id: subject.purpose === 'ticket' || subject.purpose === 'list' ? null : subject.message,
      staff_id: staff,
      expires_at: new Date(saving.now.getTime() + saving.config.tokenDays * 24 * 60 * 60 * 1000),
      outbox_id: outbox,
    })
    .execute();
}

function withDetail(address: string, detail: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}+${detail}${address.slice(at)}`;
}
