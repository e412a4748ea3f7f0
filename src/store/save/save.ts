import { sql } from 'kysely';
import type { Verdict } from '../../core/message/authentication.ts';
import type { Decision, Effect } from '../../core/ticket/decision.ts';
import type { Attachment, Message } from '../../core/message/message.ts';
import { nameKey } from '../../core/letters/name-key.ts';
import type { Ticket, TicketEvent, TicketFields } from '../../core/ticket/ticket.ts';
import type { Database } from '../db/database.ts';
import { removeBlock } from '../directory/blocks.ts';
import { holdAgain, rejectAsUnproven, releaseHeld } from './release-held.ts';
import { pendingAgain } from '../mails/inbox.ts';
import { cancel, failBounced, restoreCancelled } from '../mails/outbox.ts';
import { queueMails, type MailToQueue, type Saving } from './write-outbox.ts';
import { retryMessage } from './retry.ts';
import { keepKeys } from '../snapshot/said.ts';
import { ticketIdOf } from '../snapshot/tickets.ts';
import { withoutTokens } from '../../core/address/reply-token.ts';

/** A decision as it is written. */
export type ToSave = {
  effects: readonly Effect[];
  /** rendered */
  mails: readonly MailToQueue[];
  saving: Saving;
  /** null where no message was decided */
  decided: DecidedMessage | null;
};

/** The record of a decided message. */
type DecidedMessage = {
  id: number;
  message: Message;
  /** what became of it */
  outcome: Pick<Decision, 'disposition' | 'reason' | 'ticket'>;
  /** files that its ticket keeps */
  files: readonly Attachment[];
  /** how proven it is, or null if it could not be read */
  judged: { verdict: Verdict; isVouchedFor: boolean } | null;
};

/**
 * Writes decisions that do not build on one another: their effects, their mails into the outbox, and what became of their
 * messages. All in the caller's transaction, so that all of it stands or none.
 */
export async function saveDecisions(tx: Database, decisions: readonly ToSave[]): Promise<void> {
  const effects = Promise.all(decisions.map((one) => applyAll(tx, one)));
  const rest = await queueMails(tx, decisions, effects);
  // mails read how often their message was decided before
  await Promise.all([rest(), ...decisions.map((one) => settleMessage(tx, one))]);
}

/**
 * Records what a message said and what became of it, and gives its lease back. Reply tokens that people or programs quote
 * stay in the mail's own bytes.
 */
async function settleMessage(tx: Database, { decided, saving: { knownTokens } }: ToSave): Promise<void> {
  if (decided === null) return;
  const { id, message, outcome, files, judged } = decided;
  const from = message.from.ok ? message.from.address : null;
  const isAnswerable = judged?.verdict.result === 'pass' && message.kind === 'person' && !message.noAnswer;
  const settled = tx
    .updateTable('message')
    .set({
      identity: message.identity,
      content_hash: message.contentHash,
      message_id: message.messageId,
      from_name: from?.name ?? null,
      from_email: from?.email ?? null,
      subject: withoutTokens(message.subject, knownTokens),
      kind: message.kind,
      text: withoutTokens(message.reply.text, knownTokens),
      authenticity: judged === null ? null : `${judged.verdict.result}: ${judged.verdict.why}`,
      vouched_for: judged?.isVouchedFor ?? false,
      answerable: isAnswerable,
      disposition: outcome.disposition,
      reason: withoutTokens(outcome.reason, knownTokens),
      ticket_id: outcome.ticket === null ? null : ticketIdOf(outcome.ticket),
      decided_at: sql`clock_timestamp()`,
      decisions: sql`decisions + 1`,
      leased_by: null,
      leased_until: null,
      not_before: null,
    })
    .where('id', '=', id)
    .execute();
  await Promise.all([settled, keepFiles(tx, id, files, outcome.ticket)]);
}

// ── effects ──────────────────────────────────────────────────────────────────

async function applyAll(tx: Database, { effects, saving }: ToSave): Promise<void> {
  let position = 0;
  for (const effect of effects) {
    await apply(tx, effect, saving, position);
    position += 1;
  }
}

async function apply(tx: Database, effect: Effect, saving: Saving, position: number): Promise<void> {
  const { now, cause } = saving;
  switch (effect.do) {
    case 'open':
      await Promise.all([
        insertTicket(tx, effect.ticket, saving),
        giveNumber(tx, effect.ticket.number),
        appendEvent(tx, effect, saving, position),
      ]);
      return;
    case 'append':
      await Promise.all([updateTicket(tx, effect.ticket), appendEvent(tx, effect, saving, position)]);
      return;
    case 'create_company':
      await tx
        .insertInto('company')
        .values({ name: effect.name, name_key: nameKey(effect.name) })
        .execute();
      return;
    case 'enrol_contact':
      await sql`
        insert into contact (email, name, company_id)
        select ${effect.address.email}, ${effect.address.name}, id from company where name_key = ${nameKey(effect.company)}
        on conflict (email) do update
          set company_id = excluded.company_id, disabled_at = null,
              name = case when contact.name = '' then excluded.name else contact.name end`.execute(tx);
      return;
    case 'accept_dmarc_failure':
      await tx
        .updateTable('contact')
        .set({ dmarc_failure_accepted_at: now })
        .where('email', '=', effect.email)
        .where('dmarc_failure_accepted_at', 'is', null)
        .execute();
      return;
    case 'block_sender':
      await tx
        .insertInto('blocked_sender')
        .values({ email: effect.email, proof: effect.proof })
        // of two the one that binds more
        .onConflict((oc) =>
          oc
            .column('email')
            .doUpdateSet((eb) => ({ proof: eb.ref('excluded.proof') }))
            .where(sql<boolean>`array_position(array['fail', 'none', 'pass'], excluded.proof)
              > array_position(array['fail', 'none', 'pass'], blocked_sender.proof)`),
        )
        .execute();
      return;
    case 'unblock_sender':
      await removeBlock(tx, effect.email);
      return;
    case 'hold_again':
      await holdAgain(tx, effect);
      return;
    case 'add_alias':
      // never an address that already is somebody
      await sql`
        insert into staff_alias (email, staff_id)
        select ${effect.email}, ${effect.staffId}
         where not exists (select from staff where email = ${effect.email})
           and not exists (select from contact where email = ${effect.email})
        on conflict (email) do nothing`.execute(tx);
      return;
    case 'use_token':
      await tx.updateTable('token').set({ used_at: now }).where('id', '=', effect.tokenId).execute();
      return;
    case 'revoke_token':
      await tx.updateTable('token').set({ revoked_at: now }).where('id', '=', effect.tokenId).execute();
      return;
    case 'release_held':
      await releaseHeld(tx, effect.email);
      return;
    case 'reject_held':
      await rejectAsUnproven(tx, effect, now);
      return;
    case 'confirm_message':
      await tx
        .updateTable('message')
        .set({ ...pendingAgain, confirmed_by: effect.staffId, confirmed_with: effect.tokenId })
        .where('id', '=', effect.message)
        .where('disposition', 'in', ['confirm_asked', 'held'])
        .execute();
      return;
    case 'retry_message':
      await retryMessage(tx, effect.message);
      return;
    case 'discard_message':
      await tx
        .updateTable('message')
        .set({ disposition: 'rejected', reason: effect.reason, decided_at: now })
        .where('id', '=', effect.message)
        .where('disposition', '=', 'quarantined')
        .execute();
      return;
    case 'fail_outgoing':
      await failBounced(tx, effect.outbox, withoutTokens(effect.error));
      return;
    case 'cancel_outgoing': {
      const cancelled = await cancel(tx, effect.outbox);
      if (cancelled.length !== effect.outbox.length)
        throw new Error(`mails to be taken back were locked and yet left: ${effect.outbox.join(', ')}`);
      return;
    }
    case 'restore_outgoing':
      await restoreCancelled(tx, effect.outbox, effect.delayMinutes);
      return;
    default:
      throw new Error(`no such effect: ${JSON.stringify(effect satisfies never)} (message ${cause})`);
  }
}

async function insertTicket(tx: Database, ticket: Ticket, saving: Saving): Promise<void> {
  if (saving.cause === null) throw new Error('a ticket is opened by a message');
  await tx
    .insertInto('ticket')
    .values({
      number: ticket.number,
      state: ticket.state,
      subject: withoutTokens(ticket.subject, saving.knownTokens),
      description: withoutTokens(ticket.description, saving.knownTokens),
      company_id: ticket.company.id,
      contracts: ticket.contracts,
      requester_name: ticket.requester.name,
      requester_email: ticket.requester.email,
      category: ticket.category,
      priority: ticket.priority,
      minutes: ticket.minutes,
      mode: ticket.mode,
      queue_address: ticket.queue.address,
      queue_name: ticket.queue.name,
      assignee_id: ticket.assignee?.id ?? null,
      opened_at: ticket.openedAt,
      taken_at: ticket.takenAt,
      closed_at: ticket.closedAt,
      linked_to: ticket.linkedTo === null ? null : ticketIdOf(ticket.linkedTo),
      root_message_id: ticket.rootMessageId,
      client_message_id: ticket.clientMessageId,
      opened_by: saving.cause,
    })
    .execute();
}

async function giveNumber(tx: Database, number: number): Promise<void> {
  await tx
    .updateTable('desk')
    .set({ next_ticket_number: number + 1 })
    .execute();
}

async function updateTicket(tx: Database, ticket: Ticket): Promise<void> {
  await tx
    .updateTable('ticket')
    .set({
      state: ticket.state,
      assignee_id: ticket.assignee?.id ?? null,
      taken_at: ticket.takenAt,
      closed_at: ticket.closedAt,
      category: ticket.category,
      priority: ticket.priority,
      minutes: ticket.minutes,
      mode: ticket.mode,
      merged_into: ticket.mergedInto === null ? null : ticketIdOf(ticket.mergedInto),
    })
    .where('number', '=', ticket.number)
    .execute();
}

async function appendEvent(
  tx: Database,
  { ticket, event, before }: { ticket: Ticket; event: TicketEvent; before?: TicketFields },
  saving: Saving,
  position: number,
): Promise<void> {
  const text = event.text === null ? null : withoutTokens(event.text, saving.knownTokens);
  const { id } = await tx
    .insertInto('ticket_event')
    .values({
      ticket_id: ticketIdOf(ticket.number),
      at: saving.now,
      type: event.type,
      actor: event.actor,
      text,
      staff_id: event.staff?.id ?? null,
      message_id: saving.cause,
      position,
      before: before === undefined ? null : JSON.stringify(before),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await keepKeys(tx, id, { ...event, text });
}

/** A message that joined a ticket leaves its files there, each content once. */
async function keepFiles(
  tx: Database,
  message: number,
  attachments: readonly Attachment[],
  ticket: number | null,
): Promise<void> {
  if (ticket === null || attachments.length === 0) return;
  const contents = new Map(attachments.map(({ sha256, content }) => [sha256, content]));
  const blobs = [...contents].map(([sha256, content]) =>
    tx
      .insertInto('blob')
      .values({ sha256, content })
      .onConflict((oc) => oc.doNothing())
      .execute(),
  );
  const files = tx
    .insertInto('attachment')
    .values(
      attachments.map((file, position) => ({
        ticket_id: ticketIdOf(ticket),
        message_id: message,
        position,
        filename: file.filename,
        content_type: file.contentType,
        size: file.size,
        content_id: file.contentId,
        sha256: file.sha256,
      })),
    )
    .onConflict((oc) => oc.columns(['message_id', 'position']).doNothing())
    .execute();
  await Promise.all([...blobs, files]);
}
