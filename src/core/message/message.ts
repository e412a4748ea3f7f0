import type { DkimCheck } from './authentication.ts';
import type { AuthenticationResults } from './authentication-results.ts';
import type { From } from '../address/address-list.ts';
import type { Address } from '../address/address.ts';
import type { Defect } from '../words/quarantine.ts';
import type { Warning } from '../words/warnings.ts';
import type { Orders } from './orders.ts';
import type { Reply } from './reply.ts';
import type { Gist, NewWords, Opening, Phone } from './client-words.ts';
import type { RichHtml } from './rich-html.ts';

/** The kind of a message, judged from its structure and headers alone. */
export type MessageKind =
  | 'person'
  | 'auto_reply'
  | 'auto_generated'
  | 'bounce'
  | 'list'
  | 'read_receipt'
  | 'pec_envelope'
  | 'pec_receipt'
  | 'pec_anomaly'
  | 'unreadable';

export type Attachment = {
  /** cleaned: no path, no control or direction characters, never empty */
  filename: string;
  /** lower-case media type as declared */
  contentType: string;
  /** bytes */
  size: number;
  /** hex */
  sha256: string;
  content: Uint8Array;
  /** shown inside the HTML by this Content-ID (no angle brackets) */
  contentId: string | null;
};

/** A delivery status report (RFC 3464), or an older free-form notice if it could be read. */
export type BounceReport = {
  /** Message-ID of the returned mail, with angle brackets */
  originalMessageId: string | null;
  recipients: {
    email: string;
    action: 'failed' | 'delayed' | 'delivered' | 'other';
    status: string | null;
    diagnostic: string | null;
  }[];
};

/** A parsed incoming mail, made by mail/parse/parse.ts. Everything in it is data, nothing in it is trusted. */
export type Message = {
  /** with angle brackets; null if absent or unreadable */
  messageId: string | null;
  /** identity for recognising duplicates: `messageId`, else `sha256:` and the hash of its bytes (BAD-MAIL 52) */
  identity: string;
  /** hex SHA-256 over From, Date, Subject and the decoded body: two mails of one identity are equal only if this is equal */
  contentHash: string;
  kind: MessageKind;
  /** why `kind` is not `person`, in words for the admin; null for a person's mail */
  kindReason: string | null;
  from: From;
  /** X-Original-From or X-Original-Sender, written by lists that replace From; null if absent or not a single mailbox */
  originalFrom: Address | null;
  /** the From header's address if `from` is another one that the mail names instead (see `asWriter`), or null if `from` is From */
  writtenAs: Address | null;
  /** the Sender header, if it names a single mailbox (BAD-MAIL 35) */
  sender: Address | null;
  replyTo: Address[];
  to: Address[];
  cc: Address[];
  /** Delivered-To and X-Original-To, and the recipient given to `receive`; lower-case bare addresses */
  deliveredTo: string[];
  /** decoded, one line, control characters gone */
  subject: string;
  /** Date header in UTC; null where absent or unreadable */
  date: Date | null;
  inReplyTo: string[];
  /** the last 20, oldest first */
  references: string[];
  /** the new text and what was cut away */
  reply: Reply;
  /** the opening, should it open a ticket */
  opening: Opening;
  /** the writer's own phone number, as they give it, or null if they give none */
  phone: Phone | null;
  /** its new text, as far as it is recognisable without our own mails; decisions use the snapshot's */
  newWords: NewWords;
  /** gist of the subject without prefixes and tags; null if it has no word */
  subjectGist: Gist | null;
  /** orders in its text, should its writer be staff */
  orders: Orders;
  /**
   * Why it must not give commands, from any writer: its headers contradict each other about who speaks or what
   * it says (BAD-MAIL 12, 31, 34, 35). English, one line, or null if there is no objection
   */
  noCommand: string | null;
  /** the whole text before any cut, NUL-free */
  fullText: string;
  attachments: Attachment[];
  /** its HTML for staff, if it says more than its text */
  rich: RichHtml | null;
  /** the Authentication-Results headers, topmost first; which counts is decided by settings */
  authenticationResults: AuthenticationResults[];
  /**
   * its header block can be read in two ways (a line that is no field, a bare CR): who verified it may have seen another mail,
   * so nothing that passes vouches for this one
   */
  twoReadings: boolean;
  /** our own DKIM check, made only if it could matter, or null if not made */
  ownDkim: DkimCheck | null;
  /** a list's mail by List-Unsubscribe alone, which programs that send for one person write, too */
  unsubscribable: boolean;
  /** only words, or its sender's name, suggest that no person wrote it: somebody may have */
  perhapsAPersons: boolean;
  bounce: BounceReport | null;
  /** the receiving server marked it as spam */
  spam: boolean;
  /** a null Return-Path, or Auto-Submitted other than `no`: never answered (RFC 3834 §2) */
  noAnswer: boolean;
  /** oddities found while parsing, which staff are warned about */
  warnings: Warning[];
  /** a structural reason why it cannot be acted on at all: quarantine */
  defect: Defect | null;
};
