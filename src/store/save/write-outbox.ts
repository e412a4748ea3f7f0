import { type InsertObject, sql } from 'kysely';
import type { NewToken, Outgoing } from '../../core/ticket/decision.ts';
import { jsonWithoutTokens } from '../../log/visible.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/schema.ts';
import { dropUnused, keepBodies, type NewBody } from '../mails/mail-bodies.ts';
import { stateOfNewMail } from '../mails/restore.ts';
import { ticketIdOf } from '../snapshot/tickets.ts';

/** A mail ready for the outbox: the decision's data about it, its body, and what is its reader's alone. */
export type MailToQueue = {
  outgoing: Outgoing;
  /** one for all readers whose mails differ in their slots alone */
  body: NewBody;
  /** what fills its gaps: the To header, then each reply token */
  slots: string[];
  /** with brackets */
  messageId: string;
  /** reply tokens in it */
  tokens: FreshToken[];
};

/** A token as it is kept: nobody can read it back. */
export type FreshToken = { hash: Buffer; subject: NewToken };

/** Further data for writing a decision. */
export type Saving = {
  /** the database's clock */
  now: Date;
  /** the message that caused it, or null if the outbox did */
  cause: number | null;
  /** days for which a reply token is valid */
  tokenDays: number;
  /** reply tokens that its words hold */
  knownTokens: ReadonlySet<string>;
};

/**
 * Queues the mails of decisions that do not build on one another; one that folds takes the place of its waiting predecessor.
 * @param effects ends when what they refer to is written
 * @returns writes what is left: their tokens, and what a folded one leaves behind
 */
export async function queueMails(
  tx: Database,
  decisions: readonly { mails: readonly MailToQueue[]; saving: Saving }[],
  effects: Promise<unknown>,
): Promise<() => Promise<unknown>> {
  const all = decisions.flatMap(({ mails, saving }) =>
    mails.map((mail, position) => ({ mail, saving, position })),
  );
  const bodies = [...new Set(all.map(({ mail }) => mail.body))];
  const [ids] = await Promise.all([keepBodies(tx, bodies), effects]);
  const queued = all.map(({ mail, saving, position }) => ({
    row: { ...rowOf(mail, saving, position), body_id: ids[bodies.indexOf(mail.body)] ?? null },
    tokens: mail.tokens,
    saving,
  }));
  return queued.length === 0 ? () => Promise.resolve() : writeRows(tx, queued);
}

type Queued = {
  row: ReturnType<typeof rowOf> & { body_id: number | null };
  tokens: FreshToken[];
  saving: Saving;
};

async function writeRows(tx: Database, mails: readonly Queued[]): Promise<() => Promise<unknown>> {
  const rows = await tx
    .insertInto('outbox')
    .values(mails.map(({ row }) => row))
    .onConflict((oc) =>
      oc
        .columns(['fold_key', 'recipient'])
        // written out: with a parameter a kept plan could not tell by which index
        .where('state', '=', sql.lit('queued'))
        .where('sent_as', 'is', null)
        .where('fold_key', 'is not', null)
        .doUpdateSet((eb) => ({
          ticket_id: eb.ref('excluded.ticket_id'),
          reply_to: eb.ref('excluded.reply_to'),
          in_reply_to: eb.ref('excluded.in_reply_to'),
          reference_ids: eb.ref('excluded.reference_ids'),
          subject: eb.ref('excluded.subject'),
          text: eb.ref('excluded.text'),
          html: eb.ref('excluded.html'),
          body_id: eb.ref('excluded.body_id'),
          slots: eb.ref('excluded.slots'),
          fold_items: eb.ref('excluded.fold_items'),
        })),
    )
    .returning(['id', 'message_id', 'fold_key', 'recipient'])
    // as it was before
    .returning(
      sql<number | null>`(select body_id from outbox before where before.id = outbox.id)`.as('replaced'),
    )
    .execute();
  const folded = rows.flatMap(({ id, fold_key: key }) => (key === null ? [] : [id]));
  const tokens = mails.flatMap(({ row: { staff_id: staff, ...row }, tokens: fresh, saving }) => {
    // the waiting predecessor of one that folds keeps its own
    const queued = rows.find(
      (one) =>
        one.message_id === row.message_id ||
        (row.fold_key !== null && one.fold_key === row.fold_key && one.recipient === row.recipient),
    );
    if (queued === undefined) throw new Error('a mail was queued and is not there');
    return staff === null
      ? []
      : fresh.map((token) =>
          tokenRow(token, { staff, outbox: queued.id, address: row.from_address }, saving),
        );
  });
  const replaced = rows.flatMap((row) => (row.replaced === null ? [] : [row.replaced]));
  return () =>
    Promise.all([
      replaced.length === 0 ? null : dropUnused(tx, replaced),
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

/** One mail as a row of the outbox. */
function rowOf(mail: MailToQueue, { now, cause, knownTokens }: Saving, position: number) {
  const { to, queue, fold, ticket, inReplyTo, withAttachments, delayMinutes } = mail.outgoing;
  const recipient = to.kind === 'staff' ? to.staff : to.address;
  return {
    cause_id: cause,
    // each decision writes each of its mails once
    round: cause === null ? 0 : sql<number>`(select decisions from message where id = ${cause})`,
    position,
    ticket_id: ticket === null ? null : ticketIdOf(ticket),
    template: mail.outgoing.mail.template,
    staff_id: to.kind === 'staff' ? to.staff.id : null,
    recipient_name: recipient.name,
    recipient: recipient.email,
    from_name: queue.name,
    from_address: queue.address,
    message_id: mail.messageId,
    in_reply_to: inReplyTo,
    slots: mail.slots,
    attachments_of: withAttachments ? cause : null,
    fold_key: fold?.key ?? null,
    fold_items: fold === null ? null : jsonWithoutTokens(fold.items, { known: knownTokens }),
    state: stateOfNewMail,
    next_attempt_at: new Date(now.getTime() + delayMinutes * 60_000),
    created_at: now,
  };
}

function tokenRow(
  { hash, subject }: FreshToken,
  { staff, outbox, address }: { staff: number; outbox: number; address: string },
  saving: Saving,
): NewRow {
  const announced = subject.purpose === 'confirmation' ? subject.announced : null;
  const row = {
    hash,
    purpose: subject.purpose,
    ticket_id: subject.purpose === 'ticket' ? ticketIdOf(subject.ticket) : null,
    message_id: subject.purpose === 'ticket' || subject.purpose === 'list' ? null : subject.message,
    staff_id: staff,
    expires_at: new Date(saving.now.getTime() + saving.tokenDays * 24 * 60 * 60 * 1000),
    outbox_id: outbox,
    address,
    asked_command: announced?.command ?? null,
    asked_ticket_id: announced === null || announced.ticket === null ? null : ticketIdOf(announced.ticket),
    asked_alias: announced?.alias ?? null,
    asked_hash: announced === null ? null : Buffer.from(announced.hash, 'hex'),
  };
  return { row, held: subject.purpose === 'list' ? subject.held : [] };
}
