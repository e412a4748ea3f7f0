import { randomBytes, randomUUID } from 'node:crypto';
import { type InsertObject, sql } from 'kysely';
import { emailDomain } from '../../core/address/address.ts';
import type { NewToken, Outgoing } from '../../core/ticket/decision.ts';
import type { Mail } from '../../core/ticket/template-views.ts';
import type { Templates } from '../../templates/render.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/schema.ts';
import { stateOfNewMail } from '../mails/restore.ts';
import { ticketIdOf } from '../snapshot/tickets.ts';
import { jsonWithoutTokens } from '../../log/visible.ts';
import { tokenHash } from '../snapshot/tokens.ts';
import type { Config } from '../../config/settings.ts';
import type { Frame } from '../../templates/context.ts';

/** What writing a decision needs besides the decision. */
export type Saving = {
  templates: Templates;
  config: Pick<Config, 'desk' | 'replyAddressing' | 'tokenDays'>;
  /** the database's clock */
  now: Date;
  /** the message that caused it; null: the outbox did */
  cause: number | null;
  /** reply tokens that its words hold; left out: none is known */
  knownTokens?: ReadonlySet<string>;
};

/** Renders mails with fresh tokens and queues them; one that folds takes the place of its waiting predecessor. */
export async function queueMails(tx: Database, outgoing: readonly Outgoing[], saving: Saving): Promise<void> {
  if (outgoing.length === 0) return;
  const mails = outgoing.map((mail, position) => prepare(mail, saving, position));
  const rows = await tx
    .insertInto('outbox')
    .values(mails.map(({ row }) => row))
    .onConflict((oc) =>
      oc
        .columns(['fold_key', 'recipient'])
        // written out: with a parameter a kept plan could not tell by which index
        .where('state', '=', sql.lit('queued'))
        .where('mime', 'is', null)
        .where('fold_key', 'is not', null)
        .doUpdateSet((eb) => ({
          ticket_id: eb.ref('excluded.ticket_id'),
          reply_to: eb.ref('excluded.reply_to'),
          in_reply_to: eb.ref('excluded.in_reply_to'),
          reference_ids: eb.ref('excluded.reference_ids'),
          subject: eb.ref('excluded.subject'),
          text: eb.ref('excluded.text'),
          html: eb.ref('excluded.html'),
          fold_items: eb.ref('excluded.fold_items'),
        })),
    )
    .returning(['id', 'message_id', 'fold_key', 'recipient'])
    .execute();
  const folded = rows.flatMap(({ id, fold_key: key }) => (key === null ? [] : [id]));
  const tokens = mails.flatMap(({ row: { staff_id: staff, ...row }, minted }) => {
    // the waiting predecessor of one that folds keeps its own
    const queued = rows.find(
      (one) =>
        one.message_id === row.message_id ||
        (row.fold_key !== null && one.fold_key === row.fold_key && one.recipient === row.recipient),
    );
    if (queued === undefined) throw new Error('a mail was queued and is not there');
    return staff === null
      ? []
      : minted.map((token) =>
          tokenRow(token, { staff, outbox: queued.id, address: row.from_address }, saving),
        );
  });
  await Promise.all([
    folded.length === 0 ? null : tx.deleteFrom('token').where('outbox_id', 'in', folded).execute(),
    tokens.length === 0 ? null : insertTokens(tx, tokens),
  ]);
}

type NewRow = { row: InsertObject<Tables, 'token'> & { hash: Buffer }; held: readonly number[] };

/** Tokens, and the held messages that a list numbers. */
async function insertTokens(tx: Database, tokens: readonly NewRow[]): Promise<void> {
  const rows = await tx
    .insertInto('token')
    .values(tokens.map(({ row }) => row))
    .returning(['id', 'hash'])
    .execute();
  const listed = tokens.flatMap(({ row, held }) => {
    const made = rows.find(({ hash }) => Buffer.compare(hash, row.hash) === 0);
    if (made === undefined) throw new Error('a token was made and is not there');
    return held.map((message_id, i) => ({ token_id: made.id, position: i + 1, message_id }));
  });
  if (listed.length > 0) await tx.insertInto('listed_message').values(listed).execute();
}

/** One mail as a row of the outbox, and the tokens that it carries. */
function prepare(outgoing: Outgoing, saving: Saving, position: number) {
  const { to, mail, queue, fold } = outgoing;
  const { config, templates, now, cause } = saving;
  const main = outgoing.token === null ? null : newToken(outgoing.token);
  const entries = entriesOf(mail).map(({ id, subject }) => ({ id, ...newToken(subject) }));
  const address = (token: string | null): { replyTo: string; token: string | null } =>
    token === null || config.replyAddressing === 'subject'
      ? { replyTo: queue.address, token }
      : { replyTo: withDetail(queue.address, token), token: null };
  const reply = address(main?.token ?? null);
  const frame: Frame = {
    ...reply,
    deskAddress: config.desk.address,
    entryReplyTo: Object.fromEntries(entries.map((entry) => [entry.id, address(entry.token)])),
    below: fold?.below ?? [],
  };
  const rendered = templates.render(mail, frame);
  const recipient = to.kind === 'staff' ? to.staff : to.address;
  const row = {
    cause_id: cause,
    // each decision writes each of its mails once
    round: cause === null ? 0 : sql<number>`(select decisions from message where id = ${cause})`,
    position,
    ticket_id: outgoing.ticket === null ? null : ticketIdOf(outgoing.ticket),
    template: mail.template,
    staff_id: to.kind === 'staff' ? to.staff.id : null,
    recipient_name: recipient.name,
    recipient: recipient.email,
    from_name: queue.name,
    from_address: queue.address,
    reply_to: reply.replyTo,
    message_id: `<${randomUUID()}@${emailDomain(config.desk.address)}>`,
    in_reply_to: outgoing.inReplyTo,
    reference_ids: outgoing.references,
    subject: rendered.subject,
    text: rendered.text,
    html: rendered.html,
    attachments_of: outgoing.withAttachments ? cause : null,
    fold_key: fold?.key ?? null,
    fold_items: fold === null ? null : jsonWithoutTokens(fold.items, { known: saving.knownTokens }),
    state: stateOfNewMail,
    next_attempt_at: new Date(now.getTime() + outgoing.delayMinutes * 60_000),
    created_at: now,
  };
  return { row, minted: main === null ? entries : [main, ...entries] };
}

/** Entries of a list that are answered each by itself, and what each one's token is for. */
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

type Minted = { token: string; subject: NewToken };

/** 128 random bits in lower-case base32 (RFC 4648 §6): 26 letters. */
function newToken(subject: NewToken): Minted {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = BigInt(`0x${randomBytes(16).toString('hex')}`);
  let token = '';
  for (let i = 0; i < 26; i += 1) {
    token = (letters[Number(bits & 31n)] ?? '') + token;
    bits >>= 5n;
  }
  return { token, subject };
}

function tokenRow(
  { token, subject }: Minted,
  { staff, outbox, address }: { staff: number; outbox: number; address: string },
  saving: Saving,
): NewRow {
  const announced = subject.purpose === 'confirmation' ? subject.announced : null;
  const row = {
    hash: tokenHash(token),
    purpose: subject.purpose,
    ticket_id: subject.purpose === 'ticket' ? ticketIdOf(subject.ticket) : null,
    message_id: subject.purpose === 'ticket' || subject.purpose === 'list' ? null : subject.message,
    staff_id: staff,
    expires_at: new Date(saving.now.getTime() + saving.config.tokenDays * 24 * 60 * 60 * 1000),
    outbox_id: outbox,
    address,
    asked_command: announced?.command ?? null,
    asked_ticket_id: announced === null || announced.ticket === null ? null : ticketIdOf(announced.ticket),
    asked_alias: announced?.alias ?? null,
    asked_hash: announced === null ? null : Buffer.from(announced.hash, 'hex'),
  };
  return { row, held: subject.purpose === 'list' ? subject.held : [] };
}

function withDetail(address: string, detail: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}+${detail}${address.slice(at)}`;
}
