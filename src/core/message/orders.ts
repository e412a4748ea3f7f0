import type { CommandName } from '../kinds.ts';

export type Command = {
  name: CommandName;
  /** the argument on the command's own line (an address, a company, a number), or null */
  argument: string | null;
};

/** The orders in the new text of a mail, without regard to its writer's authority. */
export type Reading =
  | { kind: 'text'; text: string }
  /** certain: these commands, and the text that follows them */
  | { kind: 'commands'; commands: [Command, ...Command[]]; text: string }
  /**
   * near miss of a command: nothing takes effect, its writer is asked which of these was meant. `rest`: the command's text, as
   * far as certain; `forClient`: the writer seems to believe that the client reads it
   */
  | {
      kind: 'unsure';
      guesses: [CommandName, ...CommandName[]];
      found: string;
      text: string;
      rest: string;
      forClient: boolean;
    }
  /** commands that exclude each other (BAD-MAIL 60) */
  | { kind: 'contradiction'; commands: [Command, Command, ...Command[]]; text: string };

/** The entries of a list that an order is about: by number, the others, or all; null if it does not say. */
export type Which = { kind: 'numbers'; numbers: number[] } | { kind: 'others' } | { kind: 'all' } | null;

/** An order about held mail. `lift` withdraws a rejection. */
export type HeldOrder = {
  which: Which;
  name: 'accept' | 'reject' | 'lift';
  /** a company's name, `always`, `commercial` or `credentials`, or null for none */
  argument: string | null;
};

export type HeldReading =
  | { kind: 'orders'; orders: [HeldOrder, ...HeldOrder[]] }
  /** `found`: the part that could not be understood; '' if there is no order at all */
  | { kind: 'unread'; found: string };

/** All that a mail orders, were it a staff member's. */
export type Orders = {
  /** orders in the new text */
  own: Reading;
  /** orders in `Reply.strict`, the only text that may reach a client */
  strict: Reading;
  /** the text below our marker line reads as an order */
  below: boolean;
  /** orders about held mail, in the new text or, if that is empty, in the subject as a button wrote it */
  held: HeldReading;
  /** `Accetta solo carta A4`: its only order is an acceptance of a sentence. Where no company is expected, it orders nothing */
  acceptsInProse: boolean;
};

/**
 * A button of a staff mail: a mailto link to the mail's own Reply-To. `write_staff` and `write_client` order
 * nothing; the others write the command's first word. `text`: what was written already, so that nothing is typed twice.
 */
export type Button = {
  kind: CommandName | 'write_staff' | 'write_client';
  argument: string | null;
  text?: string;
};
