/** The tables of migrations/, as the database hands their rows out: bigint as number, timestamptz as Date, bytea as Buffer. */
import type { ColumnType, Generated, GeneratedAlways, JSONColumnType, Selectable } from 'kysely';
import type { FoldItem } from '../../core/ticket/decision.ts';
import type { TicketFields } from '../../core/ticket/ticket.ts';
import type { TemplateName } from '../../core/ticket/template-views.ts';
import type {
  Contract,
  Role,
  TicketState,
  EventType,
  Priority,
  Mode,
  CommandName,
  Disposition,
  OutboxState,
  TokenPurpose,
} from '../../core/kinds.ts';
import type { Proof } from '../../core/message/authentication.ts';

/** May be left out on insert, where the database's own clock gives it. */
type Stamp = Generated<Date>;
type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>;

type CompanyTable = {
  id: GeneratedAlways<number>;
  name: string;
  name_key: string;
  contracts: Generated<Contract[]>;
  ended_at: Date | null;
  created_at: Stamp;
};

type CompanyDomainTable = { domain: string; company_id: number };

type ContactTable = {
  /** a clerk accepted a mail of theirs that failed a DMARC policy of `none` */
  dmarc_failure_accepted_at: Date | null;
  id: GeneratedAlways<number>;
  email: string;
  name: Generated<string>;
  company_id: number;
  disabled_at: Date | null;
  created_at: Stamp;
};

type StaffTable = {
  id: GeneratedAlways<number>;
  email: string;
  name: string;
  role: Role;
  disabled_at: Date | null;
  created_at: Stamp;
};

type StaffAliasTable = { email: string; staff_id: number };

/** `proof`: of the rejected mail */
type BlockedSenderTable = { email: string; proof: Proof; created_at: Stamp };

type QueueTable = {
  address: string;
  name: string;
  from_address: string | null;
  phones: Generated<string[]>;
  words: string | null;
  created_at: Stamp;
};

/** A From that the server refused. */
type SenderRefusedTable = { queue: string; sender: string; refused_at: Stamp };

type CategoryTable = {
  name: string;
  name_key: string;
  keywords: Generated<string[]>;
  position: GeneratedAlways<number>;
};

type MessageTable = {
  id: GeneratedAlways<number>;
  mailbox: string | null;
  uid_validity: number | null;
  uid: number | null;
  envelope_recipient: string | null;
  envelope_sender: string | null;
  received_at: Date;
  taken_in_at: Stamp;
  raw: Bytes;
  /** bytes of the whole message, those that were not kept included */
  size: number;
  truncated: Generated<boolean>;
  sha256: string;
  identity: string | null;
  content_hash: string | null;
  message_id: string | null;
  from_name: string | null;
  from_email: string | null;
  subject: string | null;
  kind: string | null;
  text: string | null;
  authenticity: string | null;
  /** of a staff member's: see `isVouchedFor` */
  vouched_for: Generated<boolean>;
  disposition: Generated<Disposition>;
  /** of a pending message: the error its last attempt ended in */
  reason: string | null;
  ticket_id: number | null;
  decided_at: Date | null;
  decisions: Generated<number>;
  confirmed_by: number | null;
  /** the token of the question that was answered with yes */
  confirmed_with: number | null;
  accepted_at: Date | null;
  answerable: Generated<boolean>;
  attempts: Generated<number>;
  failures: Generated<number>;
  lone_attempts: Generated<number>;
  /** times it waited for the name servers */
  key_waits: Generated<number>;
  leased_until: Date | null;
  leased_by: string | null;
  not_before: Date | null;
  filed_at: Date | null;
};

type DeskTable = {
  only_row: Generated<boolean>;
  next_ticket_number: Generated<number>;
  /** `YYYY-MM-DD` is never read: compared in the database */
  accounted_on: string | null;
  restored_at: Date | null;
};

type LastSuccessTable = { what: string; at: Date };

type TicketTable = {
  id: GeneratedAlways<number>;
  number: number;
  state: TicketState;
  subject: string;
  description: string;
  company_id: number;
  contracts: Generated<Contract[]>;
  requester_name: string;
  requester_email: string;
  category: string;
  priority: Generated<Priority>;
  minutes: Generated<number>;
  mode: Mode | null;
  queue_address: string;
  queue_name: string;
  assignee_id: number | null;
  opened_at: Date;
  taken_at: Date | null;
  closed_at: Date | null;
  linked_to: number | null;
  merged_into: Generated<number | null>;
  is_merged: GeneratedAlways<boolean>;
  joins_merged: GeneratedAlways<boolean | null>;
  root_message_id: string;
  client_message_id: string | null;
  opened_by: number;
};

/** The fields of a ticket that commands change, as JSON: times as ISO 8601. */
/** Older ones do not say what the ticket was merged into. */
export type StoredFields = Omit<TicketFields, 'takenAt' | 'closedAt' | 'mergedInto'> & {
  mergedInto?: number | null;
  takenAt: string | null;
  closedAt: string | null;
};

type TicketEventTable = {
  id: GeneratedAlways<number>;
  ticket_id: number;
  at: Date;
  type: EventType;
  actor: string;
  text: string | null;
  staff_id: number | null;
  message_id: number | null;
  position: Generated<number>;
  before: JSONColumnType<StoredFields> | null;
};

/** Keys of the words of an event: see `src/store/snapshot/said.ts`. */
type SaidKeyTable = { key: number; event_id: number };

type BlobTable = { sha256: string; content: Bytes };

type AttachmentTable = {
  id: GeneratedAlways<number>;
  ticket_id: number;
  message_id: number;
  position: number;
  filename: string;
  content_type: string;
  size: number;
  content_id: string | null;
  sha256: string;
};

type TokenTable = {
  id: GeneratedAlways<number>;
  hash: Bytes;
  purpose: TokenPurpose;
  ticket_id: number | null;
  message_id: number | null;
  staff_id: number;
  expires_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
  created_at: Stamp;
  outbox_id: number | null;
  /** the address whose reply address it is; '' where that is not known */
  address: string;
  /** of a confirmation alone: what its question announced (`Announced`) */
  asked_command: CommandName | null;
  asked_ticket_id: number | null;
  asked_alias: string | null;
  asked_hash: Bytes | null;
};

/** What a list of held mail numbered, in its order. */
type ListedMessageTable = { token_id: number; position: number; message_id: number };

/** Where a body has gaps, see `migrations/0036-mail-bodies.sql`. */
type MailBodyTable = { id: GeneratedAlways<number>; encoded: Bytes; gaps: number[]; subject: string };

type MailBodyFileTable = { body_id: number; position: number; sha256: string };

type OutboxTable = {
  id: GeneratedAlways<number>;
  cause_id: number | null;
  position: Generated<number>;
  round: Generated<number>;
  ticket_id: number | null;
  template: TemplateName;
  staff_id: number | null;
  recipient_name: Generated<string>;
  recipient: string;
  from_name: string;
  from_address: string;
  reply_to: string | null;
  message_id: string;
  in_reply_to: string | null;
  reference_ids: Generated<string[]>;
  body_id: Generated<number | null>;
  /** what fills the gaps of its body: the To header, then each reply token */
  slots: Generated<string[] | null>;
  /** of mails that an earlier version queued, as are `text`, `html`, `reply_to`, `reference_ids` and `mime` */
  subject: Generated<string | null>;
  text: Generated<string | null>;
  html: Generated<string | null>;
  attachments_of: number | null;
  /** the notice to its reader about files that the server did not take, or null if they are sent along */
  files_left_out: Generated<string | null>;
  fold_key: string | null;
  /** written as JSON text */
  fold_items: JSONColumnType<FoldItem[]> | null;
  mime: ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>;
  state: Generated<OutboxState>;
  attempts: Generated<number>;
  next_attempt_at: Date;
  last_error: string | null;
  created_at: Stamp;
  sent_at: Date | null;
  sent_as: string | null;
  sender_refused_at: Date | null;
  /** the process that sends it now, and how long at most; both or neither */
  sending_by: string | null;
  sending_until: Date | null;
};

/** Why a mailbox or the mail server does not work. */
export type OutageKind = 'auth_refused' | 'unreachable' | 'protocol';

type OutageTable = {
  part: string;
  kind: OutageKind;
  said: string;
  since: Stamp;
  seen_at: Stamp;
  ended_at: Date | null;
  told_at: Date | null;
};

type OutageHistoryTable = {
  id: GeneratedAlways<number>;
  what: 'mailbox' | 'smtp' | 'database';
  part: string;
  said: string;
  began_at: Date;
  seen_at: Date;
  ended_at: Date | null;
};

type WorkerRunTable = {
  id: GeneratedAlways<number>;
  version: string;
  started_at: Stamp;
  stopped_at: Date | null;
};

export type Tables = {
  company: CompanyTable;
  company_domain: CompanyDomainTable;
  contact: ContactTable;
  staff: StaffTable;
  staff_alias: StaffAliasTable;
  blocked_sender: BlockedSenderTable;
  queue: QueueTable;
  sender_refused: SenderRefusedTable;
  category: CategoryTable;
  message: MessageTable;
  desk: DeskTable;
  last_success: LastSuccessTable;
  ticket: TicketTable;
  ticket_event: TicketEventTable;
  said_key: SaidKeyTable;
  blob: BlobTable;
  attachment: AttachmentTable;
  token: TokenTable;
  listed_message: ListedMessageTable;
  mail_body: MailBodyTable;
  mail_body_file: MailBodyFileTable;
  outbox: OutboxTable;
  outage: OutageTable;
  outage_history: OutageHistoryTable;
  worker_run: WorkerRunTable;
};

export type MessageRow = Selectable<MessageTable>;
export type OutboxRow = Selectable<OutboxTable>;
