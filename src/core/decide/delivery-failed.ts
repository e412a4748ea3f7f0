import { deliveryFailure } from '../ticket/event-kind.ts';
import type { Decision } from '../ticket/decision.ts';
import { recipientsOf, ticketButtons, toStaff, viewOf } from '../notices/notify.ts';
import type { Staff, Ticket } from '../ticket/ticket.ts';
import { type Locale, notSentToClient, reportSays } from '../words/words.ts';
import type { FailureCause } from '../ticket/reasons.ts';
import { shorten } from '../letters/text.ts';

/** An outgoing mail that will not arrive. */
export type UndeliveredMail = { to: string; template: string; toClient: boolean; ticket: Ticket | null };

/**
 * Notifies staff of a client's mail that did not arrive, whether the server refused or returned it; not of a mail to
 * one of themselves.
 * @param why `error`: what our server said, or what a report claims: a stranger may have written that, and it is shown as such
 */
export function deliveryFailed(
  staff: readonly Staff[],
  failed: UndeliveredMail,
  why: { cause: FailureCause; error: string },
  locale: Locale,
): Pick<Decision, 'effects' | 'outgoing'> {
  const { ticket, to, template } = failed;
  if (ticket === null || !failed.toClient) return { effects: [], outgoing: [] };
  const { cause, error } = why;
  const said = saidOf(cause, error, locale);
  const mail = template === 'closed-client' ? 'closed-client' : 'opened-client';
  return {
    effects: [
      {
        do: 'append',
        ticket,
        event: { type: 'delivery_failed', actor: 'kticket', text: `${to}: ${said}`, staff: null },
      },
    ],
    outgoing: recipientsOf(deliveryFailure, staff, ticket, null).map((s) =>
      toStaff(s, ticket, {
        template: 'delivery-failed-staff',
        view: {
          ticket: viewOf(ticket),
          role: s.role,
          buttons: ticketButtons(s, ticket),
          to,
          mail,
          cause,
          error: cause === 'reported' ? shorten(error, longestReport) : error,
        },
      }),
    ),
  };
}

/** The line in the ticket's history, in the desk's language; a report is quoted as one. */
function saidOf(cause: FailureCause, error: string, locale: Locale): string {
  switch (cause) {
    case 'left':
      return notSentToClient[locale];
    case 'reported':
      return `${reportSays[locale]}: “${shorten(error, longestReport)}”`;
    case 'server':
    case 'not_written':
      return error;
    default:
      throw cause satisfies never;
  }
}

/** Limit for quoting a report that anybody may have written: enough for a server's reply, too little for a letter. */
const longestReport = 200;
