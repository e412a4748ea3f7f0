import type { Message } from '../message/message.ts';
import { findTokens } from '../address/reply-token.ts';
import { readTags } from '../message/thread.ts';
import type { Command } from '../message/orders.ts';

/** The effect that the orders of a staff mail would have, as far as the mail alone determines it. */
export type Foreseen = {
  /** commands that would take effect */
  commands: Command[];
  /** why none acts, or not before its writer said yes; English, one line, or null if there is no objection */
  asked: string | null;
};

/** Mail written by machines gives no commands. */
const machines: readonly Message['kind'][] = [
  'auto_reply',
  'auto_generated',
  'bounce',
  'read_receipt',
  'pec_receipt',
  'unreadable',
];

/** The orders of a mail that would act if it were a staff member's and proven. Pure; knows no tickets, companies or names. */
export function foresee(message: Message): Foreseen {
  const {
    orders: { own: reading },
    reply,
    kind,
    defect,
  } = message;
  if (machines.includes(kind) || defect !== null) return nothing(null);
  switch (reading.kind) {
    case 'text':
      return nothing(
        reply.guessed && reply.forwarded === null && hasToken(message)
          ? 'nothing in it is new: its writer would be asked to write above'
          : null,
      );
    case 'unsure':
      return nothing(`"${reading.found}" is nearly a command: its writer would be asked`);
    case 'contradiction':
      return nothing(`${namesOf(reading.commands)} exclude each other: its writer would be asked`);
    case 'commands':
      break;
    default:
      reading satisfies never;
  }
  if (reading.kind !== 'commands') return nothing(null);
  const { commands } = reading;
  if (reply.hiddenText) return nothing('its HTML hides text: its writer would be asked to write it plainly');
  const lacking = commands.find((command) => lacks(command, message));
  if (lacking !== undefined)
    return nothing(`"${lacking.name}" lacks what it is about: its writer would be asked`);
  const reader = commands.find(({ name }) => name === 'close' || name === 'open_for');
  const isDoubted = reader !== undefined && !reply.sure && (reading.text.trim() !== '' || reply.below !== '');
  return {
    commands,
    asked: isDoubted
      ? `the text that a client would read is in doubt (${reply.doubt}): its writer would be asked`
      : null,
  };
}

function nothing(asked: string | null): Foreseen {
  return { commands: [], asked };
}

/** A command without its argument, in a mail that names no ticket either. */
function lacks({ name, argument }: Command, message: Message): boolean {
  if (argument !== null) return false;
  if (name === 'open_for') return true;
  return name === 'history' && !namesTicket(message);
}

function namesTicket(message: Message): boolean {
  const { subject, inReplyTo, references } = message;
  return readTags(subject).length + inReplyTo.length + references.length > 0 || hasToken(message);
}

/** It was sent to a reply address that was made for one staff member. */
function hasToken({ subject, to, cc, deliveredTo }: Message): boolean {
  const places = [...to, ...cc].map(({ email }) => email).concat(deliveredTo, subject);
  return places.some((text) => findTokens(text).length > 0);
}

function namesOf(commands: readonly Command[]): string {
  return commands.map(({ name }) => `"${name}"`).join(' and ');
}
