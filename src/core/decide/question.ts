import { announced, companyBefore } from '../notices/announced.ts';
import { isVouchedFor } from '../case/authority.ts';
import { commandLine } from '../commands/commands.ts';
import type { Decision, Effect, NewToken } from '../ticket/decision.ts';
import { answerToStaff, viewOf } from '../notices/notify.ts';
import { type Case, outcome } from '../case/case.ts';
import { isFromDesk } from '../case/own-address.ts';
import { limitWords, refuse, writtenFrom } from './receipts.ts';
import { answersLeft } from '../notices/bounds.ts';
import type { Staff, Ticket } from '../ticket/ticket.ts';
import {
  type HeldAnswer,
  isToOutside,
  type OutsideMail,
  type StaffMail,
  type Views,
} from '../ticket/template-views.ts';
import type { ConfirmReason } from '../ticket/reasons.ts';
import type { Button } from '../message/orders.ts';

/** The same mail, as if its writer had already said yes: the question shows the decision made of it. */
export function supposeConfirmed(c: Case, staff: Staff): Case {
  return { ...c, snapshot: { ...c.snapshot, confirmedBy: staff } };
}

/**
 * Asks the enrolled address to confirm, showing everything that a yes does. If a yes would do nothing, the writer is told so
 * at once instead.
 * @param yes the decision about the same mail once its writer confirms it
 */
export function ask(c: Case, staff: Staff, why: ConfirmReason, yes: Decision): Decision {
  const vain = inVain(c, staff, yes);
  if (vain !== null) return vain;
  const ticket = ticketAsked(c, yes);
  const reason = `${staff.email} asked to confirm: ${why.replaceAll('_', ' ')}`;
  if (answersLeft(c) <= 0) {
    const told = refuse(c, staff, { kind: 'too_many_answers' }, ticket);
    return { ...told, disposition: 'confirm_asked', reason: `${reason}; ${limitWords}` };
  }
  const { mail, token } = question(c, staff, why, yes);
  return outcome('confirm_asked', reason, {
    ticket: ticket?.number ?? null,
    outgoing: [answerToStaff(c, staff, mail, { token, ticket })],
  });
}

/** Decision in place of a question: a yes would do nothing, or more than a question can show. */
export function inVain(c: Case, staff: Staff, yes: Decision): Decision | null {
  if (yes.disposition === 'refused' || yes.disposition === 'ignored') return yes;
  return outsideBytes(c, yes) > mostBytes
    ? refuse(c, staff, { kind: 'too_long_to_ask' }, ticketAsked(c, yes))
    : null;
}

/** The "conferma?" mail, made from the decision that a yes brings, and the token of its button, which acts once and only so. */
export function question(
  c: Case,
  staff: Staff,
  why: ConfirmReason,
  yes: Decision,
): { mail: StaffMail; token: NewToken } {
  const ticket = ticketAsked(c, yes);
  const clientLeft = ticket !== null && c.snapshot.withoutClient.includes(ticket.number);
  const from = writtenFrom(c, staff);
  const alias = aliasOffered(c, from, yes);
  const list = listAsked(yes);
  const view: Views['confirm-staff'] = {
    buttons: [
      { kind: 'confirm', argument: null },
      ...(alias === null ? [] : [{ kind: 'confirm', argument: 'always' } satisfies Button]),
    ],
    ...commandsAsked(c),
    ticket: ticket === null ? null : viewOf(ticket),
    clientLeft,
    ...effectsAsked(c, yes),
    list,
    listed: list.length,
    outside: outsideMails(c, yes),
    text: staffText(yes, clientLeft),
    why,
    writtenFrom: from,
    alias,
    last: answersLeft(c) === 1 && !isVouchedFor(c),
  };
  return {
    mail: { template: 'confirm-staff', view },
    token: { purpose: 'confirmation', message: c.snapshot.message, announced: announced(c, yes, alias) },
  };
}

/** The address that may become the reader's for good: one that is nobody's, and about which the mail itself orders nothing. */
function aliasOffered(c: Case, from: string | null, { effects }: Decision): string | null {
  const isOrderedAbout = effects.some(
    (effect) =>
      (effect.do === 'enrol_contact' && effect.address.email === from) ||
      ('email' in effect && effect.email === from),
  );
  const { standing, formerStaff, block } = c.snapshot;
  const isNobodys = standing.kind === 'stranger' && !formerStaff && block === null && !isFromDesk(c);
  return isNobodys && !isOrderedAbout ? from : null;
}

/** Orders to be confirmed: the command that the text belongs to, and the others as written. */
function commandsAsked(c: Case): Pick<Views['confirm-staff'], 'command' | 'argument' | 'others'> {
  const { own: reading } = c.message.orders;
  const commands = reading.kind === 'commands' ? reading.commands : [];
  const main = commands.at(-1);
  return {
    command: main?.name ?? null,
    argument: main?.argument ?? null,
    others: commands.slice(0, -1).map(({ name, argument }) => commandLine(name, argument, c.policy.locale)),
  };
}

/** The ticket that a yes acts on, or null for none or one that the yes opens. */
function ticketAsked(c: Case, yes: Decision): Ticket | null {
  const { byToken, byTag, byReference } = c.snapshot.tickets;
  return [...byToken, ...byTag, ...byReference].find(({ number }) => number === yes.ticket) ?? null;
}

/** Effects of a yes besides sending mails, as far as the commands themselves do not say so. */
function effectsAsked(
  c: Case,
  { effects }: Decision,
): Pick<Views['confirm-staff'], 'opens' | 'enrols' | 'held' | 'stopsMail'> {
  const opened = effects.find((effect) => effect.do === 'open')?.ticket.number;
  const last = effects.findLast(
    (effect) => (effect.do === 'open' || effect.do === 'append') && effect.ticket.number === opened,
  );
  // what a list does is said of each of its entries
  const isList = c.snapshot.listed.length > 0;
  const enrols = isList ? undefined : effects.find((effect) => effect.do === 'enrol_contact');
  const { subjectMessage } = c.snapshot;
  const isHeld = effects.some(
    ({ do: does }) => does === 'release_held' || does === 'reject_held' || does === 'hold_again',
  );
  return {
    opens: last !== undefined && 'ticket' in last ? viewOf(last.ticket) : null,
    enrols:
      enrols === undefined
        ? null
        : {
            address: enrols.address,
            company: enrols.company,
            isNew: effects.some((effect) => effect.do === 'create_company'),
            movedFrom: movedFrom(c, enrols),
          },
    held:
      isHeld && subjectMessage !== null
        ? { from: subjectMessage.from, subject: subjectMessage.subject, text: subjectMessage.text }
        : null,
    stopsMail: effects.some((effect) => effect.do === 'cancel_outgoing' && effect.outbox.length > 0),
  };
}

/** The company that loses an address, or null if it belonged to none or stays. */
function movedFrom(c: Case, enrols: Effect & { do: 'enrol_contact' }): string | null {
  const company = companyBefore(c, enrols.address);
  return company === enrols.company ? null : company;
}

/** Effects of a yes on the held messages of a list, in the words of its receipt; empty if it is about one message or none. */
function listAsked({ outgoing }: Decision): HeldAnswer[] {
  return outgoing.flatMap(({ mail }) =>
    mail.template === 'receipt-staff' ? mail.view.held.filter(({ number }) => number !== null) : [],
  );
}

/** Every mail that a yes sends to somebody who is not of the staff: those of the decision, and those taken back before. */
function outsideMails(c: Case, yes: Decision): OutsideMail[] {
  const restored = yes.effects.flatMap((effect) => (effect.do === 'restore_outgoing' ? effect.outbox : []));
  const takenBack = c.snapshot.closingMails.flatMap((mails) => mails.takenBack);
  return [
    ...yes.outgoing.flatMap(({ to, mail, queue }): OutsideMail[] => {
      if (to.kind === 'staff') return [];
      if (!isToOutside(mail)) throw new Error(`a mail to a client is no ${mail.template}`);
      return [{ to: to.address, mail, queue: queue.address }];
    }),
    ...takenBack
      .filter(({ id }) => restored.includes(id))
      .map(({ to, subject, text }) => ({ to, subject, text })),
  ];
}

/** The text that would be recorded on the ticket for staff only. */
function staffText({ effects }: Decision, clientLeft: boolean): string | null {
  const texts = effects.flatMap((effect) =>
    effect.do === 'append' && (effect.event.type !== 'closed' || clientLeft) ? [effect.event.text ?? ''] : [],
  );
  const said = texts.filter((text) => text.trim() !== '').join('\n\n');
  return said === '' ? null : said;
}

/** A mail program may cut a page of 102 KB; what a question shows of mails to people outside stays whole, or is not asked. */
const mostBytes = 50_000;

/** The space of the mails to people outside: their length as escaped HTML. */
function outsideBytes(c: Case, yes: Decision): number {
  return outsideMails(c, yes)
    .flatMap((one) => ('mail' in one ? textsOf(one.mail) : [one.text]))
    .reduce((bytes, text) => bytes + escapedBytes(text), 0);
}

function textsOf(mail: Extract<OutsideMail, { mail: unknown }>['mail']): string[] {
  switch (mail.template) {
    case 'opened-client':
      return [mail.view.ticket.subject, mail.view.ticket.description];
    case 'closed-client':
      return [
        mail.view.ticket.subject,
        mail.view.solution ?? '',
        ...mail.view.also.map(({ subject }) => subject),
      ];
    case 'declined-stranger':
      return [];
    default:
      throw mail satisfies never;
  }
}

const encoder = new TextEncoder();

/** As Handlebars escapes it, a line end as `<br>`. */
function escapedBytes(text: string): number {
  const escaped = text.match(/[&<>"'`=\n]/gu)?.length ?? 0;
  return encoder.encode(text).byteLength + escaped * 5;
}
