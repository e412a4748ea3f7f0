export const contracts = ['on-site', 'remote', 'outsourcing', 'pay-per-use'] as const;

export type Contract = (typeof contracts)[number];

export const roles = ['technician', 'clerk', 'administrator'] as const;

export type Role = (typeof roles)[number];

export const ticketStates = ['open', 'in_progress', 'closed'] as const;

export type TicketState = (typeof ticketStates)[number];

export const eventTypes = [
  'opened',
  'client_replied',
  'taken',
  'progress',
  'handed_over',
  'internal_note',
  'staff_wrote_client',
  'staff_message',
  'closed',
  'reopened',
  'undone',
  'delivery_failed',
  'categorised',
  'prioritised',
  'time_logged',
  'mode_set',
  'merged',
  'moved',
  'split',
] as const;

export type EventType = (typeof eventTypes)[number];

export const priorities = ['high', 'normal', 'low'] as const;

export type Priority = (typeof priorities)[number];

/** Ways of working on a ticket. */
export const modes = ['remote', 'on-site', 'phone', 'outsourcing'] as const;

export type Mode = (typeof modes)[number];

/** Every command word of the product; the contract of `explain`. */
export const commandNames = [
  'take',
  'close',
  'note',
  'accept',
  'reject',
  'confirm',
  'reopen',
  'assign',
  'take_over',
  'category',
  'priority',
  'time',
  'mode',
  'merge',
  'move',
  'split',
  'undo',
  'open_for',
  'list',
  'history',
  'help',
  'retry',
  'discard',
] as const;

export type CommandName = (typeof commandNames)[number];

export const dispositions = [
  'pending',
  'opened',
  'follow_up',
  'command',
  'internal_note',
  'refused',
  'confirm_asked',
  'held',
  'rejected',
  'ignored',
  'bounce',
  'duplicate',
  'quarantined',
] as const;

export type Disposition = (typeof dispositions)[number];

export const outboxStates = [
  'queued',
  'deferred',
  'sent',
  'failed',
  'cancelled',
  'awaiting_release',
] as const;

export type OutboxState = (typeof outboxStates)[number];

export type TokenPurpose = 'ticket' | 'held' | 'confirmation' | 'quarantine' | 'list';

/** A change that a command made to a ticket. `minutes`: the total logged. */
export type Change =
  | { field: 'state'; before: TicketState; after: TicketState }
  | { field: 'assignee'; before: string | null; after: string | null }
  | { field: 'category'; before: string; after: string }
  | { field: 'priority'; before: Priority; after: Priority }
  | { field: 'minutes'; before: number; after: number }
  | { field: 'merged_into'; before: number | null; after: number | null }
  | { field: 'mode'; before: Mode | null; after: Mode | null };
