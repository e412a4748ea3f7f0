import type { CommandName, Role, TicketState } from '../kinds.ts';

export type HeldReason =
  | 'unknown_sender'
  /** somebody who was of the staff, and is nobody's client */
  | 'former_staff'
  | 'ended_company'
  | 'disabled_contact'
  | 'own_address'
  | 'dmarc_fail'
  /** of a company's domain, of no contact, proven by nothing, and one of many within the hour */
  | 'many_unproven'
  | 'foreign_token';

export type ConfirmReason =
  /** no server vouches for the mail and our own check found nothing */
  | 'no_verdict'
  | 'dmarc_fail'
  | 'missing_token'
  | 'expired_token'
  /** somebody who is not of the staff wrote to the reply address, which ended it */
  | 'revoked_token'
  /** the text for the client may contain a quote */
  | 'unsure_text'
  /** more was written below our marker line, which the client would not read */
  | 'text_below'
  /** the text for the client was written below the marker line of a button's draft */
  | 'below_line'
  /** it holds words of an internal communication */
  | 'internal_words'
  /** something in it calls itself internal, or speaks to a colleague */
  | 'calls_internal'
  /** it names another company, whose ticket the mail answers */
  | 'other_company'
  /** the token came from an address that is nobody's */
  | 'foreign_address'
  /** an order without a token, in a mail that was not addressed to us */
  | 'not_to_us'
  /** the same, whose Date is not that of its arrival */
  | 'not_lately'
  /** words of its writer beside an attached mail of a client's */
  | 'attached_original'
  /** an address that is a company's would become another's */
  | 'moves_contact'
  /** one word decides about many held messages */
  | 'decides_many'
  /** its writer said yes, and it would do something else by now */
  | 'changed'
  /** AUTHENTICITY=token */
  | 'no_verdicts_here';

/** Why a staff mail had no effect. Each becomes a sentence in the writer's language. */
export type Problem =
  | { kind: 'unsure_command'; found: string; guesses: CommandName[] }
  /** above the hourly limit of answers to its writer */
  | { kind: 'too_many_answers' }
  /** its writer seems to believe that the client reads it */
  | { kind: 'client_does_not_read'; found: string }
  /** `lines`: the commands as they are written */
  | { kind: 'contradiction'; lines: string[] }
  | { kind: 'role'; command: CommandName; role: Role }
  | { kind: 'already_closed'; closedAt: Date | null }
  | { kind: 'taken_by_other'; by: string; since: Date | null }
  | { kind: 'not_closed'; state: TicketState }
  | { kind: 'already_in_charge'; by: string }
  /** `fits`: colleagues whose name is like it, else all of them. `several`: each has all the words said */
  | { kind: 'name_unsure'; name: string; fits: string[]; several: boolean }
  /** `fits`: categories whose name is like it, else some of the list */
  | { kind: 'category_unsure'; name: string; fits: string[]; several: boolean }
  | { kind: 'time_out_of_bounds'; minutes: number; most: number }
  | { kind: 'nothing_to_undo' }
  /** `minutes`: within which a command can be taken back; 0: never */
  | { kind: 'too_late_to_undo'; minutes: number }
  | { kind: 'changed_since' }
  /** `why`: English, for the admin; `words`: a sentence of the command's own, in its writer's language */
  | { kind: 'not_possible'; why: string; words: string }
  /** an order about a ticket that joined another */
  | { kind: 'merged_away'; into: number }
  | { kind: 'empty_text'; command: CommandName }
  | { kind: 'token_of_other_ticket'; token: number; tag: number }
  | { kind: 'token_of_other_staff' }
  | { kind: 'two_tokens' }
  /** somebody who is not of the staff wrote to several reply addresses of the reader's, which end */
  | { kind: 'tokens_in_other_hands' }
  | { kind: 'token_used' }
  /** the answer to a question that no longer holds, or that came in a way that would have to be asked about itself */
  | { kind: 'question_over' }
  /** the mails to people outside are too long for a question to show them whole */
  | { kind: 'too_long_to_ask' }
  /** `conferma sempre` about an address that is somebody's */
  | { kind: 'no_alias'; email: string }
  | { kind: 'hidden_text' }
  | { kind: 'below_marker' }
  | { kind: 'nothing_new' }
  /** `ticket`: the other company's, which the mail names */
  | { kind: 'other_company_text'; ticket: number }
  | { kind: 'token_in_solution' }
  | { kind: 'no_ticket'; command: CommandName }
  | { kind: 'wrong_subject'; command: CommandName }
  | { kind: 'company_unknown'; name: string; near: string[] }
  /** `accetta` alone: those that are likely first; `more`: how many are not listed */
  | { kind: 'company_wanted'; companies: string[]; more: number }
  | { kind: 'company_unsure'; name: string; fits: string[] }
  | { kind: 'company_exists'; name: string }
  /** it was to be created, and others are called nearly so */
  | { kind: 'company_like'; name: string; near: string[] }
  /** an address of the staff or of the desk, which cannot be a client's */
  | { kind: 'sender_is_ours'; email: string }
  /** an order without a number, in answer to a list of so many */
  | { kind: 'number_missing'; total: number }
  | { kind: 'number_unknown'; number: number; total: number }
  | { kind: 'number_twice'; number: number }
  /** of an answer to a list; '' if it orders nothing */
  | { kind: 'list_unread'; found: string }
  | { kind: 'no_longer_waiting'; disposition: string }
  | { kind: 'client_unknown'; email: string }
  /** a forward that names its sender and shows no address */
  | { kind: 'forward_without_address' }
  | { kind: 'argument_missing'; command: CommandName }
  | { kind: 'not_understood_here'; expected: CommandName[] };

/**
 * Why a mail did not arrive: our server refused it; a report says so that came by mail; its reader is no longer of the
 * ticket's company, so that it was not sent; our code could not write it.
 */
export type FailureCause = 'server' | 'reported' | 'left' | 'not_written';

/** Why mail does not work: the password, the consent of a person or the app itself is refused; or nobody answers. */
export type AlertTrouble = 'password' | 'consent' | 'app' | 'unreachable';
