/** The data for the playground's page; its modules import these types. Types only, so that both sides agree. */
import type { Address } from '../../core/address/address.ts';
import type { MessageReport } from '../../store/reports/message-reports.ts';
import type { OutgoingReport } from '../../store/reports/outgoing-reports.ts';
import type { TicketHistory } from '../../store/reports/ticket-reports.ts';
import type { Queue } from '../../core/ticket/ticket.ts';
import type { Name } from '../people.ts';
import type { Role } from '../../core/kinds.ts';

/** A value after JSON: times are ISO 8601. */
export type AsJson<T> = T extends Date ? string : T extends object ? { [K in keyof T]: AsJson<T[K]> } : T;

/** Folders of a person that the page shows. */
export const shownFolders = ['INBOX', 'Sent'] as const;
export type Folder = (typeof shownFolders)[number];

/** A mail as a list shows it. */
export type MailHead = {
  folder: Folder;
  uid: number;
  from: Address;
  to: Address[];
  subject: string;
  date: Date | null;
  seen: boolean;
  /** the beginning of its text, one line */
  preview: string;
  /** number of attachments */
  files: number;
};

/** A person's mails, oldest first. */
export type MailboxView = {
  name: Name;
  person: Address;
  /** role at the desk */
  part: Role | 'client' | 'stranger';
  mails: MailHead[];
};

/** Content of the database, as `kticket ticket|message|outbox list` show it. */
export type DeskView = { tickets: TicketHistory[]; messages: MessageReport[]; outbox: OutgoingReport[] };

/** Everything the page shows without being asked; sent whole with every change. `queues` can be written to. */
export type State = { mailboxes: MailboxView[]; desk: DeskView; queues: Queue[]; company: string };

/** The outcome of sending a letter. */
export type Sent = { messageId: string };

/** A mail to send; `content` is base64. */
export type Letter = {
  to: string;
  cc: string;
  subject: string;
  text: string;
  inReplyTo: string | null;
  references: string[];
  files: { filename: string; contentType: string; content: string }[];
};

/** An opened mail. */
export type OpenedMail = MailHead & {
  cc: Address[];
  text: string;
  /** true if there is an HTML part to show */
  html: boolean;
  attachments: { filename: string; size: number }[];
  /** prepared answers; `replyAll` is null if there is nobody else */
  reply: Letter;
  replyAll: Letter | null;
};
