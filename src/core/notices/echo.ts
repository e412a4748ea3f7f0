import { clientReplied } from '../ticket/event-kind.ts';
import type { Address } from '../address/address.ts';
import type { Decision, Outgoing } from '../ticket/decision.ts';
import { recipientsOf, ticketButtons, toStaff, viewOf } from './notify.ts';
import { type Case, outcome, unproven } from '../case/case.ts';
import { normalise, wordsOf } from '../letters/text.ts';
import type { Staff, Ticket } from '../ticket/ticket.ts';
import { warningsOf } from './staff-warnings.ts';
import { answersByItself } from '../words/words.ts';

/*
 * A program that answers every mail of ours without marking its answers is recognised by its behaviour: the same text,
 * moments after each mail (BAD-MAIL, Machines). Each further mail of ours would cause another answer, for ever.
 */

/** Repetitions of the same words on one ticket, each moments after a mail of ours, that identify a program. */
const repeats = 2;
/** Repetitions of nearly the same words, ignoring numbers, each after another mail of ours, in answers and in new mails. */
const alikeInAnswers = 5;
const alikeInOpenings = 3;
/** Fewer words than these are a person's as well: "Fatto, grazie". */
const leastWords = 8;
/** Share of their words that nearly the same texts have in common. */
const nearly = 0.9;

type Earlier = Case['snapshot']['echo']['earlier'];

/** The repetition of the same text: `first`: staff are notified now; `again`: they were before. */
export type Echo = 'none' | 'first' | 'again';

/** Tells whether a client's answer that would reopen a ticket is a program's: the same text after each of several closings. */
export function echoOfClosings(c: Case, ticket: number): Echo {
  const here = c.snapshot.echo.earlier.filter((one) => one.ticket === ticket);
  const mails = new Set(sameAmong(c, here).map(({ lastMail }) => lastMail));
  mails.delete(c.snapshot.echo.lastMail);
  return timeOf(mails.size, repeats);
}

/**
 * Tells whether a staff member's text on a ticket is a program's answer.
 * @param ticket its number, or null for none
 */
function echoOnTicket(c: Case, ticket: number | null): Echo {
  const here = c.snapshot.echo.earlier.filter((one) => one.ticket === ticket);
  const same = timeOf(sameAmong(c, here).length, repeats);
  return same === 'none' ? timeOf(alike(c, here), alikeInAnswers) : same;
}

/** The sender's earlier mails with the same text, digit for digit, each sent moments after a mail of ours. */
function sameAmong(c: Case, earlier: Earlier): Earlier {
  const said = normalise(c.message.reply.text);
  if (c.snapshot.echo.lastMail === null || said === '') return [];
  return earlier.filter(({ text, lastMail }) => lastMail !== null && normalise(text) === said);
}

/** Tells whether a mail that opens a ticket is a program's answer. */
export function echoInOpening(c: Case): Echo {
  return timeOf(alike(c, c.snapshot.echo.earlier), alikeInOpenings);
}

function timeOf(count: number, most: number): Echo {
  return count < most ? 'none' : count === most ? 'first' : 'again';
}

/** Number of times that nearly the same text came, each after another mail of ours. */
function alike(c: Case, earlier: Earlier): number {
  const { lastMail } = c.snapshot.echo;
  const said = wordsWithoutNumbers(c.message.reply.text);
  if (lastMail === null || said.length < leastWords) return 0;
  const mails = new Set([lastMail]);
  for (const one of earlier)
    if (
      one.lastMail !== null &&
      !mails.has(one.lastMail) &&
      commonShare(said, wordsWithoutNumbers(one.text)) >= nearly
    )
      mails.add(one.lastMail);
  return mails.size - 1;
}

/** Words of a text without those that contain numbers. */
function wordsWithoutNumbers(text: string): string[] {
  return wordsOf(text.slice(0, 3000)).filter((word) => !/\p{N}/u.test(word));
}

/** Twice the words in common by all words of both (Dice), each counted as often as it stands there. */
function commonShare(one: readonly string[], other: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of other) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of one) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    common += 1;
  }
  return (2 * common) / (one.length + other.length);
}

/** A staff member's program: recorded, and not passed on; administrators, or colleagues, are notified once. */
export function staffEcho(c: Case, from: Address): Decision | null {
  const { standing, confirmedBy, tickets } = c.snapshot;
  const {
    orders: { own: reading },
    attachments,
  } = c.message;
  if (standing.kind !== 'staff' || confirmedBy !== null) return null;
  if (reading.kind === 'commands' || reading.kind === 'contradiction' || attachments.length > 0) return null;
  // a misspelt order that is given again is a person's
  if (reading.kind === 'unsure' && wordsWithoutNumbers(c.message.reply.text).length < leastWords) return null;
  const ticket = [...tickets.byToken, ...tickets.byTag, ...tickets.byReference][0] ?? null;
  const echo = echoOnTicket(c, ticket?.number ?? null);
  if (echo === 'none') return null;
  return outcome(
    'ignored',
    'the same again, moments after our mails: a program answers them; not passed on',
    {
      ticket: ticket?.number ?? null,
      outgoing:
        echo === 'first' && ticket !== null ? tellOfEcho(c, ticket, from, colleagues(c, standing.staff)) : [],
    },
  );
}

function colleagues(c: Case, writer: Staff): Staff[] {
  const others = c.snapshot.staff.filter(({ id }) => id !== writer.id);
  const administrators = others.filter(({ role }) => role === 'administrator');
  return administrators.length > 0 ? administrators : others;
}

/** The one notice to staff that an address answers automatically. @param to recipients; default: those of a client's reply */
export function tellOfEcho(
  c: Case,
  ticket: Ticket,
  from: Address,
  to: readonly Staff[] = recipientsOf(clientReplied, c.snapshot.staff, ticket, null),
): Outgoing[] {
  return to.map((staff) =>
    toStaff(staff, ticket, {
      template: 'follow-up-staff',
      view: {
        ticket: viewOf(ticket),
        role: staff.role,
        buttons: ticketButtons(staff, ticket),
        from,
        text: c.message.reply.text,
        attachments: [],
        warnings: [answersByItself[c.policy.locale], ...warningsOf(c)],
        unproven: unproven(c),
      },
    }),
  );
}
