import type { Case } from '../case/case.ts';
import type { HeldMessage, PresentedToken } from '../case/snapshot.ts';
import type { CommandWords } from '../grammar/syntax.ts';
import type { Role } from '../kinds.ts';
import type { Doubt } from '../notices/doubt.ts';
import type { Button } from '../message/orders.ts';
import type { EventKind } from '../ticket/event-kind.ts';
import type { Decision, Effect, NewToken } from '../ticket/decision.ts';
import type { Problem } from '../ticket/reasons.ts';
import type { HeldAnswer, Decided } from '../ticket/template-views.ts';
import type { Staff, Ticket } from '../ticket/ticket.ts';
import type { Words } from '../words/words.ts';
import type { OnTicket, TicketChange } from './ticket-change.ts';

/**
 * A command: its words, roles, line of the help mail and effect. The help mail, the buttons and the reading of mails are made
 * from their table (`table.ts`).
 */
export type CommandEntry =
  | TicketCommand
  | DeskCommand
  | HeldCommand
  | ConfirmationCommand
  | QuarantineCommand;

type Described = CommandWords & {
  /** roles that may give it */
  roles: readonly Role[];
  label: Words;
  /** line of the help mail: the effect, after the words to write */
  help: Words;
};

/** A command that changes a ticket, or says something on it. */
export type TicketCommand = Described & {
  about: 'ticket';
  /** the kinds of event that it causes */
  events: readonly EventKind[];
  /** text by people of other roles counts too; `act` decides as what */
  isAnybodys?: true;
  /** it can be given on a ticket that joined another one */
  worksOnMerged?: true;
  act: (order: Order) => TicketChange;
};

/** A proven order about a ticket, on the ticket as the mail's earlier orders left it. */
export type Order = OnTicket & {
  argument: string | null;
  /** the text written with it; '' if that belongs to another order of the mail */
  text: string;
};

/** A command that needs no ticket: it opens one, or reads. */
export type DeskCommand = Described & {
  about: 'desk';
  /** it opens a ticket, of which further lines may say something: `priorità alta` */
  opens?: true;
  act: (order: DeskOrder) => Decision | Doubt | RefusedOrder;
};

export type DeskOrder = {
  case: Case;
  staff: Staff;
  argument: string | null;
  text: string;
  /** lines that say something of the ticket that is opened */
  record: readonly ((ticket: Ticket) => TicketChange)[];
};

/** A command about mail that waits for a word on its sender. */
export type HeldCommand = Described & { about: 'held'; act: (order: AboutHeld) => HeldAct };

export type AboutHeld = { case: Case; staff: Staff; held: HeldMessage; argument: string | null };

/** Effect of an order about a held message, or the reason for none. `buttons`: replies to offer its writer. */
export type HeldAct =
  | {
      kind: 'done';
      /** English, for the admin */
      reason: string;
      effects: Effect[];
      /** to the stranger */
      outgoing: Decision['outgoing'];
      did: Did;
      buttons: Button[];
    }
  | { kind: 'refused'; problem: Problem; buttons?: Button[] };

/** The result, for a receipt. */
export type Did = Exclude<HeldAnswer['did'], null>;

/** A command that answers a question of ours. */
export type ConfirmationCommand = Described & {
  about: 'confirmation';
  act: (order: {
    case: Case;
    staff: Staff;
    token: PresentedToken;
    argument: string | null;
  }) => Decision | RefusedOrder;
};

/** A command about a quarantined message. */
export type QuarantineCommand = Described & {
  about: 'quarantine';
  /** `reason`: English, for the admin */
  act: (order: { staff: Staff; message: number }) => {
    reason: string;
    does: Decided['command'];
    effect: Effect;
  };
};

/** Reason why an order has no effect; its writer is told, with the possible next commands. */
export type RefusedOrder = {
  kind: 'refused';
  problem: Problem;
  token?: NewToken;
  buttons?: Button[];
  text?: string;
};

export const everyone: readonly Role[] = ['technician', 'clerk', 'administrator'];
export const technicians: readonly Role[] = ['technician', 'administrator'];
export const clerks: readonly Role[] = ['clerk', 'administrator'];
