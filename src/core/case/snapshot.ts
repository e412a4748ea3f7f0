import type { NewWords } from '../message/client-words.ts';
import type { Address } from '../address/address.ts';
import type { FoldItem, TokenSubject } from '../ticket/decision.ts';
import type { Company, Staff, Ticket, TicketEvent, TicketFields } from '../ticket/ticket.ts';
import type { Disposition } from '../kinds.ts';
import type { Proof } from '../message/authentication.ts';

/** The standing of the From address. */
export type Standing =
  | { kind: 'staff'; staff: Staff }
  /**
   * `known`: enrolled as a contact; else known by the company's domain. `failsDmarc`: a mail of theirs that failed a DMARC policy
   * of `none` was accepted, so that others like it are taken as unproven
   */
  | { kind: 'client'; company: Company; known: boolean; failsDmarc: boolean }
  | { kind: 'ended'; company: Company }
  | { kind: 'disabled'; company: Company }
  /** `lookalike`: the company whose domain it imitates (BAD-MAIL 33) */
  | { kind: 'stranger'; lookalike: string | null };

/** The company an address belongs to, under contract or formerly, or null if none. */
export function companyOf(standing: Standing): Company | null {
  return 'company' in standing ? standing.company : null;
}

/** A token found in the mail's addresses, looked up by its hash. */
export type PresentedToken = {
  id: number;
  subject: TokenSubject;
  owner: Staff | null;
  state: 'valid' | 'expired' | 'used' | 'revoked';
};

export type HeldMessage = {
  id: number;
  /** proven genuine and no automatic mail: its sender may be answered */
  answerable: boolean;
  from: Address;
  /** its sender's present role */
  standing: Standing;
  subject: string;
  receivedAt: Date;
  text: string;
  messageId: string | null;
  disposition: Disposition;
  /** why it ended so, for the admin */
  reason: string;
  /** its proof on arrival */
  proof: Proof;
  /** true if its sender is blocked */
  isBlocked: boolean;
};

/** A staff member's last commands on a ticket, all from one mail; none if already undone. */
export type LastCommand = {
  ticket: number;
  at: Date;
  /** fields of the ticket that it changed, with their previous values */
  before: TicketFields;
  /** somebody or something changed the ticket after it */
  changedSince: boolean;
  /** ids of its mails to the client that wait; locked, so that nobody sends them meanwhile */
  waitingMails: number[];
  /** one of them was sent, or is being sent */
  mailsGone: boolean;
};

/** A ticket's closing mails that never reached its client. */
export type ClosingMails = {
  ticket: number;
  /** ids of those that wait; locked, so that nobody sends them meanwhile */
  waiting: number[];
  /** mails of its last closing that a reopening cancelled, as written */
  takenBack: { id: number; to: Address; subject: string; text: string }[];
};

/** Everything outside the message that a decision reads, loaded in the transaction that will commit it. */
export type Snapshot = {
  /** id of the incoming message being decided */
  message: number;
  receivedAt: Date;
  /** the mailbox or `receive` recipient it came by, a bare address; null where unknown */
  arrivedAt: string | null;
  standing: Standing;
  /** its From is an address of somebody who was of the staff; who they are by now, `standing` says */
  formerStaff: boolean;
  /** proof of the mail from this address that `rifiuta sempre` was ordered for, or null if none was */
  block: Proof | null;
  /** active staff, oldest first */
  staff: Staff[];
  /** the person who confirmed this message, when it is decided again after a confirmation */
  confirmedBy: Staff | null;
  /** the announced effect of their yes, as the hash of `Announced`, or null if nobody confirmed */
  announced: string | null;
  /** a staff member or the admin accepted its sender while it was held */
  accepted: boolean;
  /** ids of the companies that own an address in To or Cc */
  addressedCompanies: number[];
  /**
   * distinct tokens in To, Cc, Delivered-To, X-Original-To (or the subject, by REPLY_ADDRESSING) that exist, at an address of the
   * desk or of a queue, now or formerly
   */
  tokens: PresentedToken[];
  /** strings of a token's form there that no row answers to */
  unknownTokens: number;
  /** tickets named by its tag, references or tokens, from any writer: authority and company are decided later */
  tickets: { byToken: Ticket[]; byTag: Ticket[]; byReference: Ticket[]; byNumber: Ticket[] };
  /**
   * hex SHA-256 of its pictures that its sender's tickets already have, since mail programs send them along with a quote;
   * never of a file attached by itself
   */
  quotedFiles: ReadonlySet<string>;
  /** messages of the same identity that arrived earlier, oldest first */
  earlier: {
    id: number;
    from: string;
    contentHash: string;
    ticket: number | null;
    disposition: Disposition;
  }[];
  /** its Message-ID is that of a mail of ours */
  isOurs: boolean;
  /** the other addresses in its Reply-To, each with the company whose client it is, or null if none */
  repliesGoTo: { address: Address; company: string | null }[];
  /** the outgoing mail that a bounce or receipt is about */
  bounced: {
    id: number;
    to: string;
    template: string;
    toClient: boolean;
    ticket: Ticket | null;
    /** time of sending, or of writing if that is unknown */
    sentAt: Date;
    hasFailed: boolean;
  } | null;
  /** existing reply tokens among those that the mail's words may contain in any spelling; lower case */
  knownTokens: ReadonlySet<string>;
  /**
   * Only where words of staff may go to a client, from here on. Keys (core/guard/quotes.ts) of the mail's words that stand in an internal
   * communication of the last twelve months, of the client's company or a ticket named, and that no client has been written
   */
  internalKeys: ReadonlySet<number>;
  /**
   * the tickets it names, by token, tag, reference or a number in its text, with what was written there; `forClient`: their
   * client wrote or read it, as no closing that was taken back
   */
  named: { ticket: Ticket; events: { text: string; forClient: boolean }[] }[];
  /** the new text of the mail; if its quotes are unclear, recognised with the help of our own mails */
  newWords: NewWords;
  /** the held, quarantined or unconfirmed message that a presented token names */
  subjectMessage: HeldMessage | null;
  /** the held messages that a presented token's list showed, in its order */
  listed: HeldMessage[];
  /** companies under contract, by name; only for mail from or about strangers */
  companies: Company[];
  /** role of the address in `apri per`, or of a forward's original sender */
  onBehalfOf: { address: Address; standing: Standing } | null;
  /** sender's most recent ticket */
  lastTicket: Ticket | null;
  /** the last few tickets of the company the mail speaks for, newest first; empty if it speaks for none */
  companyTickets: Ticket[];
  /** only for `annulla ultimo`: the writer's last command on each ticket concerned */
  lastCommands: LastCommand[];
  /** of the tickets concerned, if any */
  closingMails: ClosingMails[];
  /** only for `chiudere`: the tickets concerned whose client has left the company */
  withoutClient: number[];
  /** only for `unire a`: the ticket it names, or null if there is none */
  mergeTarget: Ticket | null;
  /** tickets merged into one of those concerned, whose clients are told of its closing */
  merged: Ticket[];
  /** the tickets that those named, or the sender's last, joined */
  survivors: Ticket[];
  /** only for `elenco` and `storico` */
  openTickets: Ticket[];
  history: { ticket: Ticket; events: (TicketEvent & { at: Date })[] } | null;
  /** counts within the last hour */
  recent: {
    /** tickets opened by this sender */
    opened: number;
    /** of them and all others of its company, those by mails that nothing proves, of senders who are no contacts */
    unprovenOpened: number;
    /** mails of ours that left, still wait or were taken back, by the mailbox outside the desk that this decision may write to */
    mailsTo: Record<string, number>;
    /** the same of each staff member about the tickets concerned; `replies`: those that tell of a client's */
    about: { ticket: number; staff: number; mails: number; replies: number }[];
    /** confirmations, receipts and help sent to this staff member for mails that are vouched for, and for the others */
    asked: number;
    askedUnvouched: number;
    /** due time of the last notice of held mail, or null if none within the hour. `isList`: several were folded into it */
    heldNotice: { at: Date; isList: boolean } | null;
    /** notices of quarantined mail */
    quarantineNotices: number;
  };
  /** evidence to tell a program that answers our mails from a person */
  echo: {
    /** id of our last mail to the sender that left moments before this one came, or null if none did */
    lastMail: number | null;
    /** a mail of ours left to the sender within the day */
    writtenToday: boolean;
    /** the sender's mails of the day, newest first, each with the number of its ticket and the mail of ours it came after */
    earlier: { text: string; subject: string; at: Date; ticket: number | null; lastMail: number | null }[];
  };
  /** items of a folded mail of this key that is still waiting */
  folds: Record<string, FoldItem[]>;
  nextTicketNumber: number;
  /** random part for the next ticket's root Message-ID, made by the shell */
  newRootMessageId: string;
};
