import type { Address } from '../address/address.ts';
import type { Decision, Effect, Outgoing, Announced } from '../ticket/decision.ts';
import type { Case } from '../case/case.ts';
import { companyOf } from '../case/snapshot.ts';
import type { Ticket } from '../ticket/ticket.ts';

/**
 * The part of a yes's decision that its question announces, as a hash. Two decisions are the same to the person asked if the
 * hashes are equal: the same mails to the same people outside, word for word, and the same things done to the same tickets, addresses and
 * messages. It excludes what nobody was asked about: which colleagues are notified, times, and the number of a ticket that a yes opens.
 */
export function announced(c: Case, yes: Decision, alias: string | null): Announced {
  const { own: reading } = c.message.orders;
  const command = reading.kind === 'commands' ? (reading.commands.at(-1)?.name ?? null) : null;
  const opened = yes.effects.some((effect) => effect.do === 'open');
  return { command, ticket: opened ? null : yes.ticket, alias, hash: c.hash(outcomeOf(c, yes)) };
}

/** True if a decision is the one its writer confirmed. */
export function isAsAnnounced(c: Case, yes: Decision): boolean {
  return c.snapshot.announced !== null && c.snapshot.announced === c.hash(outcomeOf(c, yes));
}

function outcomeOf(c: Case, yes: Decision): string {
  const fresh = new Set(
    yes.effects.flatMap((effect) => (effect.do === 'open' ? [effect.ticket.number] : [])),
  );
  const nameOf = (ticket: number | null): number | string | null =>
    ticket !== null && fresh.has(ticket) ? 'new' : ticket;
  return JSON.stringify([
    yes.disposition,
    nameOf(yes.ticket),
    yes.effects.map((effect) => effectOf(c, effect, nameOf)),
    yes.outgoing.flatMap((mail) => (mail.to.kind === 'client' ? [mailOf(mail, nameOf)] : [])),
  ]);
}

type Name = (ticket: number | null) => number | string | null;

/** The announced part of an effect. */
function effectOf(c: Case, effect: Effect, nameOf: Name): unknown {
  switch (effect.do) {
    case 'open':
      return [effect.do, openedAs(effect.ticket), effect.event.actor];
    case 'append': {
      const { type, actor, text, staff } = effect.event;
      return [effect.do, nameOf(effect.ticket.number), type, actor, text, staff?.id ?? null];
    }
    case 'enrol_contact': {
      // an address that is somebody's is moved
      const from = companyBefore(c, effect.address);
      return [effect.do, effect.address, effect.company, from];
    }
    case 'cancel_outgoing':
      return [effect.do, effect.outbox.length > 0];
    case 'create_company':
    case 'block_sender':
    case 'unblock_sender':
    case 'hold_again':
    case 'add_alias':
    case 'accept_dmarc_failure':
    case 'release_held':
    case 'reject_held':
    case 'confirm_message':
    case 'retry_message':
    case 'discard_message':
    case 'fail_outgoing':
    case 'restore_outgoing':
      return effect;
    case 'use_token':
    case 'revoke_token':
      return [];
    default:
      throw effect satisfies never;
  }
}

/** The company that the sender of a held message belonged to until now, or null if none. */
export function companyBefore({ snapshot }: Case, { email }: Address): string | null {
  const about = [snapshot.subjectMessage, ...snapshot.listed].find((held) => held?.from.email === email);
  return about === null || about === undefined ? null : (companyOf(about.standing)?.name ?? null);
}

function openedAs({ company, requester, subject, description, category, queue, linkedTo }: Ticket): unknown {
  return [company.id, requester, subject, description, category, queue.address, linkedTo];
}

function mailOf({ to, mail, ticket, queue }: Outgoing, nameOf: Name): unknown {
  const name = nameOf(ticket);
  const { view } = mail;
  const shown =
    name === 'new' && 'ticket' in view && view.ticket !== null
      ? { ...view, ticket: { ...view.ticket, number: name, openedAt: null } }
      : view;
  return [to, mail.template, shown, name, queue.address];
}
