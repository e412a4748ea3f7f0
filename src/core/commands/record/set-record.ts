import type { Order } from '../command.ts';
import { changeTicket, type TicketChange } from '../ticket-change.ts';
import type { Change } from '../../kinds.ts';
import type { EventKind } from '../../ticket/event-kind.ts';
import type { TicketFields } from '../../ticket/ticket.ts';
import { changeInWords } from '../../words/words.ts';

/**
 * Changes fields of the ticket's record. Nobody is notified, and no text for a client belongs to it.
 * @param gives the new values of the fields that change
 */
export function setRecord(
  order: Order,
  kind: EventKind,
  gives: Partial<TicketFields>,
  change: Change,
): TicketChange {
  return changeTicket(order, kind, {
    text: changeInWords(change, order.case.policy.locale),
    gives,
    reason: kind.type.replaceAll('_', ' '),
    mail: null,
  });
}
