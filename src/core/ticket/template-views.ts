import type { Address } from '../address/address.ts';
import type { Phone } from '../message/client-words.ts';
import type { PhoneNumber } from '../letters/phone.ts';
import type { Queue } from './ticket.ts';
import type { Contract, Role, TicketState, EventType, Priority, Mode, CommandName } from '../kinds.ts';
import type { SafeHtml } from '../message/rich-html.ts';
import type { HeldReason, ConfirmReason, Problem, FailureCause, AlertTrouble } from './reasons.ts';
import type { Button } from '../message/orders.ts';

/** The ticket data that every template of a ticket's mail may show. */
export type TicketView = {
  number: number;
  subject: string;
  description: string;
  company: string;
  contracts: Contract[];
  requester: Address;
  category: string;
  priority: Priority;
  /** minutes of work logged; 0: none */
  minutes: number;
  mode: Mode | null;
  queue: Queue;
  state: TicketState;
  assignee: string | null;
  openedAt: Date;
};
export type AttachmentView = {
  filename: string;
  size: number /** false: only named, and how to fetch it said */;
  passedOn: boolean;
};

/** An item of a list: a ticket, a held message, a category of command. */
export type TicketLine = { number: number; subject: string };

/** A ticket as its client may read of it. */
export type ClientTicketView = Omit<TicketView, 'subject' | 'description'> & {
  subject: ClientText;
  description: ClientText;
};
type ClientTicketLine = { number: number; subject: ClientText };

/** An earlier ticket of the same company, for staff. */
export type EarlierTicket = TicketLine & { state: TicketState; openedAt: Date };

/**
 * A further held message in a folded notice; it has buttons of its own, to its own Reply-To (`Frame.entryReplyTo[id]`), and a
 * number by which orders name it.
 */
export type HeldLine = { id: number; number: number; from: Address; subject: string };

/** A further quarantined message in a folded notice, with buttons of its own like `HeldLine`. */
export type QuarantineLine = { id: number; from: string; subject: string; reason: string };

export type Views = {
  /** to the client; `also` lists the other tickets when several confirmations were folded into one */
  'opened-client': {
    ticket: ClientTicketView;
    also: ClientTicketLine[];
    /** the files that came with the request; empty where staff opened it */
    attachments: AttachmentView[];
    /** telephone of the ticket's queue */
    phones: PhoneNumber[];
    /** the queue's own sentence, or null if it has none */
    words: string | null;
  };
  /** `also`: further requests of the same client that are closed with it */
  'closed-client': {
    ticket: ClientTicketView;
    also: ClientTicketLine[];
    solution: ClientText | null;
    phones: PhoneNumber[];
  };
  'opened-staff': {
    ticket: TicketView;
    role: Role;
    buttons: Button[];
    attachments: AttachmentView[];
    warnings: string[];
    unproven: boolean;
    linkedTo: number | null;
    /** name of the staff member who opened it for the client, or null if the client wrote */
    openedBy: string | null;
    /** the staff member's text above the forwarded mail: internal */
    note: string | null;
    /** further tickets of a flood folded into this notice */
    also: TicketLine[];
    /** the client's own HTML, or null if it says no more than the description */
    clientHtml: SafeHtml | null;
    /** the client's phone number, or null if their mail gives none */
    phone: Phone | null;
    /** the last tickets of the same company, newest first */
    earlier: EarlierTicket[];
  };
  'in-progress-staff': {
    ticket: TicketView;
    role: Role;
    buttons: Button[];
    by: string;
    text: string | null;
    what: 'taken' | 'progress' | 'taken_over' | 'handed_over' | 'undone' | 'merged' | 'joined';
    /** of a handing over and an undone command, in words: `In carico a: Marco → Luigi` */
    changes: string[];
  };
  'internal-note-staff': {
    ticket: TicketView;
    role: Role;
    buttons: Button[];
    by: string;
    text: string;
    fromClerk: boolean;
    attachments: AttachmentView[];
  };
  'closed-staff': {
    ticket: TicketView;
    role: Role;
    buttons: Button[];
    by: string;
    solution: string | null;
    /** the client is no longer of the company, and gets no mail */
    clientLeft: boolean;
  };
  'follow-up-staff': {
    ticket: TicketView;
    role: Role;
    buttons: Button[];
    from: Address;
    text: string;
    attachments: AttachmentView[];
    warnings: string[];
    unproven: boolean;
  };
  'reopened-staff': {
    ticket: TicketView;
    role: Role;
    buttons: Button[];
    from: Address;
    /** a staff member reopened it; else the client answered */
    byStaff: boolean;
    /** the client's closing mail was still waiting and is not sent */
    closingStopped: boolean;
    text: string;
    attachments: AttachmentView[];
    warnings: string[];
    unproven: boolean;
  };
  'held-staff': {
    buttons: Button[];
    id: number;
    from: Address;
    subject: string;
    text: string;
    receivedAt: Date;
    reason: HeldReason;
    /** name of a company whose domain the sender's imitates */
    lookalike: string | null;
    warnings: string[];
    /** the address's present or former company, or null if none */
    belongsTo: string | null;
    /** companies it may belong to, by the mail's data about its sender */
    companies: string[];
    /** further ones folded into this mail, without this first, which is number 1 then */
    also: HeldLine[];
  };
  'confirm-staff': {
    buttons: Button[];
    /** the order */
    command: CommandName | null;
    argument: string | null;
    /** further orders that would be carried out, as written: `tempo 30m` */
    others: string[];
    ticket: TicketView | null;
    /** the ticket's client is no longer of the company, and gets no mail of a closing */
    clientLeft: boolean;
    /** the ticket that would be opened; its number may be another by then */
    opens: TicketView | null;
    /** the address that would become a company's; `isNew`: the company is created; `movedFrom`: it leaves this one */
    enrols: { address: Address; company: string; isNew: boolean; movedFrom: string | null } | null;
    /** the held mail whose sender would be accepted or rejected */
    held: { from: Address; subject: string; text: string } | null;
    /** the effect on each held message of a list; empty if it is about none. `listed`: how many */
    list: HeldAnswer[];
    listed: number;
    /** every mail that somebody outside would get; the template is given it as that person would read it */
    outside: OutsideMail[];
    /** the client's closing mail that still waits would not be sent */
    stopsMail: boolean;
    /** text that only staff would read */
    text: string | null;
    why: ConfirmReason;
    /** the address that wrote, where it is not the enrolled one */
    writtenFrom: string | null;
    /** the address that `conferma sempre` adds to theirs, or null if not offered */
    alias: string | null;
    /** no more of an hour's questions about mails for which nothing speaks: further ones are only recorded */
    last: boolean;
  };
  'receipt-staff': {
    buttons: Button[];
    ticket: TicketView | null;
    role: Role;
    /** the address that wrote, where it is none of the reader's */
    writtenFrom: string | null;
    /** why it, or a command of it, did nothing; none only where `decided` says what it did */
    problems: Problem[];
    /** the word on a quarantined message, which was obeyed */
    decided: Decided | null;
    /** the outcome of each held message; empty if it was about none */
    held: HeldAnswer[];
    /** commands that were understood and not carried out, as they are written */
    understood: string[];
    /** changes made by the mail's other commands, in words; `done`: they were carried out */
    changes: string[];
    done: boolean;
    /** the writer's text, returned */
    text: string | null;
  };
  'help-staff': { role: Role; topic: HelpTopic };
  'delivery-failed-staff': {
    ticket: TicketView | null;
    role: Role;
    buttons: Button[];
    to: string;
    mail: 'opened-client' | 'closed-client' | 'declined-stranger';
    cause: FailureCause;
    /** the words of our server, a report or our own code; not in the desk's language */
    error: string;
  };
  /** mail does not come in, or does not go out */
  'alert-administrator': {
    what: 'mailbox' | 'smtp';
    /** `user@host/folder`, `host:port` */
    name: string;
    trouble: AlertTrouble;
    since: Date;
    /** the problem, one line in the desk's language; quotes the server, the provider or the system */
    said: string;
  };
  'declined-stranger': { about: 'commercial' | 'credentials' };
  'quarantine-administrator': {
    buttons: Button[];
    message: number;
    from: string;
    subject: string;
    reason: string;
    receivedAt: Date;
    /** further ones folded into this mail, without this one */
    also: QuarantineLine[];
  };
};
export type TemplateName = keyof Views;

/** The mails that people outside read. */
export const clientTemplates = ['opened-client', 'closed-client', 'declined-stranger'] as const;

/** A mail that people outside read: what staff wrote stands in it as `ClientText` alone. */
export type ClientMail = {
  [N in (typeof clientTemplates)[number]]: { template: N; view: Views[N] };
}[(typeof clientTemplates)[number]];

/** A mail to somebody outside, still to be rendered as written from this queue's address, or as it was rendered. */
export type OutsideMail = { to: Address } & (
  | { mail: ClientMail; queue: string }
  | { subject: string; text: string }
);

/** True if people outside the staff read the mail. */
export function isToOutside(mail: Mail): mail is ClientMail {
  return clientTemplates.some((template) => template === mail.template);
}

/** The effect of an answer on one held message. */
export type HeldAnswer = {
  /** the message; its entry has buttons of its own, to its own Reply-To */
  id: number;
  /** its place in the list that was answered, or null if it was alone */
  number: number | null;
  from: Address;
  subject: string;
  did:
    | { what: 'accepted'; company: string; isNew: boolean; movedFrom: string | null }
    /** `binds`: which of its sender's later mails; `told`: whether they were told where to turn, or null if that was not asked for */
    | { what: 'rejected'; binds: 'all' | 'unproven' | 'none'; told: boolean | null }
    /** it was rejected, and waits again */
    | { what: 'waiting' }
    | null;
  /** why nothing was done, or null if something was */
  problem: Problem | null;
  buttons: Button[];
};

/** The outcome of a quarantined message, identified by `from` (an address or '') and subject. */
export type Decided = { command: 'retry' | 'discard'; message: number; from: string; subject: string };
export type HelpTopic =
  | { kind: 'help' }
  /** answer to `elenco` */
  | { kind: 'list'; tickets: TicketView[] }
  /** answer to `storico` */
  | {
      kind: 'history';
      ticket: TicketView;
      events: { at: Date; type: EventType; actor: string; text: string | null }[];
    };

/** A mail to be rendered: a template's name with the view that goes with it. */
export type Mail = { [N in TemplateName]: { template: N; view: Views[N] } }[TemplateName];

/** A mail that stays among the staff. */
export type StaffMail = Exclude<Mail, ClientMail>;

declare const guarded: unique symbol;

/**
 * Words that a client may read, the only ones that the mails to clients take: what `guard` has let through, or what the client
 * wrote or has read before (`clientsOwn`). Never a reply token.
 */
export type ClientText = string & { readonly [guarded]: true };
