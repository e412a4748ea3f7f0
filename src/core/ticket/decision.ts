import type { Address } from '../address/address.ts';
import type { ClientMail, StaffMail } from './template-views.ts';
import type { Category, Queue, QueueWords, Staff, Ticket, TicketEvent, TicketFields } from './ticket.ts';
import { type Disposition, type CommandName } from '../kinds.ts';
import type { Proof } from '../message/authentication.ts';

/** The purpose of a reply token. `message` is the id of an incoming message. */
export type TokenSubject =
  | { purpose: 'ticket'; ticket: number }
  | { purpose: 'held'; message: number }
  /** `alias`: the address that `conferma sempre` was offered to make one of the reader's */
  | { purpose: 'confirmation'; message: number; alias: string | null }
  | { purpose: 'quarantine'; message: number }
  /** `held`: the held messages that its mail numbered, in their order */
  | { purpose: 'list'; held: number[] };

/** The purpose of a new token; a question's also keeps what the question announced. */
export type NewToken =
  | Exclude<TokenSubject, { purpose: 'confirmation' }>
  | { purpose: 'confirmation'; message: number; announced: Announced };

/** An outgoing mail before it is rendered. The shell makes its tokens and Message-IDs, which are random. */
export type Outgoing = ToStaff | ToClient;
type ToStaff = OutgoingOf & { to: { kind: 'staff'; staff: Staff }; mail: StaffMail };
/** It takes the mails alone that clients may read. */
export type ToClient = OutgoingOf & { to: { kind: 'client'; address: Address }; mail: ClientMail };

/** True if a mail goes to somebody outside the staff. */
export function isToClient(mail: Outgoing): mail is ToClient {
  return mail.to.kind === 'client';
}

type OutgoingOf = {
  /** ticket number it belongs to, or null for none */
  ticket: number | null;
  /** address it is written from */
  queue: Queue;
  /** the staff member whose fresh token becomes the Reply-To, or null for none */
  token: NewToken | null;
  /** Message-ID of what it answers, and the references it carries; with brackets */
  inReplyTo: string | null;
  references: string[];
  /** pass on the attachments of the incoming message being decided */
  withAttachments: boolean;
  /** files that the desk wrote for it: a table, a calendar entry; sent as the types they name */
  files?: readonly OwnFile[];
  /** minutes it waits before it is due */
  delayMinutes: number;
  /**
   * Several notices that become one (BAD-MAIL 88): a mail of the same key and recipient that still waits is
   * replaced by this one. `items` is what the next decision reads back; `below` those of them that the mail's frame lists,
   * where its own view does not.
   */
  fold: { key: string; items: FoldItem[]; below?: FoldItem[] } | null;
};
type OwnFile = { filename: string; contentType: string; content: Uint8Array };
/**
 * `id`: a ticket's number, or the id of a message: of a held or quarantined one (which then has a token of its own in the
 * mail), or of what was written on a ticket, whose first words are `subject`.
 * `why`: of a quarantined one, as its notice says it.
 */
export type FoldItem = { id: number; subject: string; from: Address; why?: string };

/** The changes of a decision, in order. Applied by store/save/save.ts in one transaction. */
export type Effect =
  | { do: 'open'; ticket: Ticket; event: TicketEvent }
  /** `ticket`: as it stands after the event; `before`: as it was, of an event that its writer may take back */
  | { do: 'append'; ticket: Ticket; event: TicketEvent; before?: TicketFields }
  /** later mails of this contact that fail a DMARC policy of `none` are taken as unproven */
  | { do: 'accept_dmarc_failure'; email: string }
  | { do: 'create_company'; name: string }
  /** by the company's name, which exists or was created by an earlier effect of the same decision */
  | { do: 'enrol_contact'; address: Address; company: string }
  /** `proof`: of the mail it was said about */
  | { do: 'block_sender'; email: string; proof: Proof }
  | { do: 'unblock_sender'; email: string }
  /** a rejected message, those rejected with it and its sender's others of the last days are held again */
  | { do: 'hold_again'; message: number; email: string; days: number; reason: string }
  | { do: 'add_alias'; staffId: number; email: string }
  | { do: 'use_token'; tokenId: number }
  | { do: 'revoke_token'; tokenId: number }
  /** all held mail of this address is decided again, in order of arrival */
  | { do: 'release_held'; email: string }
  /** held mail of this address that is as unproven ends as rejected */
  | { do: 'reject_held'; email: string; proof: Proof; reason: string }
  /** the message that asked for confirmation is decided again, as confirmed by this staff member, who was asked by this token's mail */
  | { do: 'confirm_message'; message: number; staffId: number; tokenId: number }
  | { do: 'retry_message'; message: number }
  | { do: 'discard_message'; message: number; reason: string }
  | { do: 'fail_outgoing'; outbox: number; error: string }
  /** these mails are not sent; ids of outgoing mail that this decision holds locked */
  | { do: 'cancel_outgoing'; outbox: number[] }
  /** these mails, taken back before, are sent after all, once the undo time has passed again */
  | { do: 'restore_outgoing'; outbox: number[]; delayMinutes: number };

export type Decision = {
  disposition: Exclude<Disposition, 'pending'>;
  /** one English line an admin understands; never a body, a subject or a token */
  reason: string;
  /** number of the ticket it concerns */
  ticket: number | null;
  effects: Effect[];
  outgoing: Outgoing[];
};

/** Settings a decision reads. */
export type Policy = {
  desk: Queue;
  /** the desk first */
  queues: Queue[];
  /** by the queue's address; one that has none is not there */
  queueWords: ReadonlyMap<string, QueueWords>;
  categories: Category[];
  companyName: string;
  authenticity: 'verified' | 'token';
  trustedAuthservIds: string[];
  reopenDays: number;
  undoMinutes: number;
  limits: {
    /** mails to one reader outside the desk; tickets of one sender that staff are notified of one by one */
    mailsPerHour: number;
    /** mails to one staff member about one ticket */
    aboutTicketPerHour: number;
    /** of these, clients' replies before they are combined into one notice */
    repliesAtOnce: number;
    /** tickets of one company opened for senders who are no contacts, by mails that nothing proves */
    unprovenPerHour: number;
    /** answers to mails that somebody or something vouches for, for one staff member */
    askedPerHour: number;
    /** answers to unproven mails in a staff member's name: forged ones use up only these */
    askedUnvouchedPerHour: number;
  };
  locale: 'it' | 'en';
};

/** The effect of a yes as announced by a question, stored with the question's token. */
export type Announced = {
  /** the command that the mail's text belongs to, or null if it has none */
  command: CommandName | null;
  /** number of the ticket it is about, or null for none or one that a yes opens */
  ticket: number | null;
  /** the address that `conferma sempre` adds to the reader's, or null if not offered */
  alias: string | null;
  /** of everything that a yes does, hex */
  hash: string;
};
