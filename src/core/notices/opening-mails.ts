import { opened } from '../ticket/event-kind.ts';
import type { Address } from '../address/address.ts';
import { withoutDecoration } from '../message/attachments.ts';
import { confirmedInList, foldKeys } from './bounds.ts';
import type { FoldItem, Outgoing } from '../ticket/decision.ts';
import { type Echo, echoInOpening } from './echo.ts';
import { attachmentViews, recipientsOf, ticketButtons, toClient, toStaff, viewOf } from './notify.ts';
import { type Case, unproven } from '../case/case.ts';
import { clientWordsOf } from '../case/queue.ts';
import type { Staff, Ticket } from '../ticket/ticket.ts';
import type { ClientTicketView } from '../ticket/template-views.ts';
import { warningsOf } from './staff-warnings.ts';
import { answersByItself } from '../words/words.ts';

/** Minutes. */
const day = 24 * 60;

/**
 * The mails of an opening: the client's confirmation and every staff member's notification. Above the hourly limit of one
 * sender the notifications are folded into one that lists every number (BAD-MAIL 88).
 * @param how.actor the staff member who opened it, or null if the client wrote
 * @param how.shown the ticket as its client reads of it
 * @param how.floodSender whose openings are counted, or null for nobody's
 */
export function openingMails(
  c: Case,
  ticket: Ticket,
  how: {
    actor: Staff | null;
    note: string | null;
    confirm: boolean;
    floodSender: Address | null;
    shown: ClientTicketView;
  },
): Outgoing[] {
  const echo = how.actor === null ? echoInOpening(c) : 'none';
  const confirmation = toClient(ticket, {
    template: 'opened-client',
    view: {
      ticket: how.shown,
      also: [],
      attachments: how.actor === null ? attachmentViews(withoutDecoration(c.message)) : [],
      ...clientWordsOf(ticket.queue, c.policy),
    },
  });
  // a program would answer it at once: what it opens is confirmed in one list a day
  const confirmed = echo === 'none' ? confirmation : confirmedInList(c, confirmation, day);
  return [...(how.confirm ? [confirmed] : []), ...noticesOf(c, ticket, how, echo)];
}

function noticesOf(
  c: Case,
  ticket: Ticket,
  how: { actor: Staff | null; note: string | null; floodSender: Address | null },
  echo: Echo,
): Outgoing[] {
  const { snapshot, policy, message } = c;
  const isFlood =
    how.floodSender !== null && (snapshot.recent.opened >= policy.limits.mailsPerHour || echo === 'again');
  const key = foldKeys.opened(how.floodSender?.email ?? '');
  const waiting = isFlood ? (snapshot.folds[key] ?? []) : [];
  const items: FoldItem[] = [
    ...waiting,
    { id: ticket.number, subject: ticket.subject, from: ticket.requester },
  ];
  // what staff write for a client is signed by staff
  const phone = how.actor === null ? message.phone : null;
  const earlier = snapshot.companyTickets
    .filter(({ company, number }) => company.id === ticket.company.id && number !== ticket.number)
    .map(({ number, subject, state, openedAt }) => ({ number, subject, state, openedAt }));
  /** the same for all of them */
  const told = {
    ticket: viewOf(ticket),
    attachments: attachmentViews(message),
    warnings: [...(echo === 'first' ? [answersByItself[policy.locale]] : []), ...warningsOf(c)],
    unproven: how.actor === null && unproven(c),
    linkedTo: ticket.linkedTo,
    openedBy: how.actor?.name ?? null,
    note: how.note,
    also: waiting.map((item) => ({ number: item.id, subject: item.subject })),
    clientHtml: how.actor === null ? (message.rich?.html ?? null) : null,
    phone,
    earlier,
  };
  return recipientsOf(opened, snapshot.staff, ticket, how.actor)
    .map((staff) => {
      const view = { ...told, role: staff.role, buttons: ticketButtons(staff, ticket) };
      return toStaff(staff, ticket, { template: 'opened-staff', view }, true);
    })
    .map((mail) =>
      isFlood ? { ...mail, delayMinutes: 60, withAttachments: false, fold: { key, items } } : mail,
    );
}
