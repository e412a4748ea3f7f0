import { buttonLabel, buttonSubject, commandLine, commandUsage } from '../core/commands/commands.ts';
import { isMarkerLine } from '../core/letters/marker.ts';
import { tag } from '../core/message/thread.ts';
import type { TicketView } from '../core/ticket/template-views.ts';
import { type Locale, markerLine } from '../core/words/words.ts';
import { type LinkDraft, mailtoLink } from './links.ts';
import type { CommandName } from '../core/kinds.ts';
import type { Button } from '../core/message/orders.ts';
import { oneLine } from '../core/letters/clean.ts';

/** The address for answers. `token`: only with `REPLY_ADDRESSING=subject`, for the subject's end. */
export type ReplyAddress = { replyTo: string; token: string | null };

/** A button, for templates to draw. */
export type ShownButton = {
  kind: Button['kind'];
  label: string;
  /** the label with its object, for people who hear a mail; '' if the label alone says it */
  spoken: string;
  /** a `mailto:` link */
  href: string;
  /** words to type for the same effect; '' if it orders nothing */
  order: string;
};

/** The data about a mail that its buttons' links need. */
export type ButtonFrame = {
  /** null if the mail cannot be answered */
  reply: ReplyAddress | null;
  ticket: TicketView | null;
  deskAddress: string;
  locale: Locale;
  /** the item the button is for; '' if there is only one */
  about: string;
};

/** Commands about something other than a ticket: their subject is the command alone. */
const withoutTicket = new Set<CommandName>(['accept', 'reject', 'confirm', 'retry', 'discard']);

/**
 * A button's words and the mail its link prepares: the command in the body and, for programs that drop the body, in the
 * subject; below the space for text the marker line, under which nothing is read.
 * @returns null where the mail cannot be answered, or a ticket would be needed
 */
export function drawButton(button: Button, frame: ButtonFrame): ShownButton | null {
  const { locale, ticket } = frame;
  if (button.kind === 'write_client') return ticket === null ? null : writeClient(ticket, frame);
  if (frame.reply === null) return null;
  const { replyTo: to, token } = frame.reply;
  const { kind, argument } = button;
  const label = buttonLabel(kind, locale, argument);
  const spoken = frame.about === '' ? '' : `${label}: ${oneLine(frame.about)}`;
  if (kind === 'write_staff') {
    const lead = ticket === null ? 'Re:' : `Re: ${tag(ticket.number)}`;
    const draft = { to, cc: null, lead, rest: ticket?.subject ?? '', token, body: space('reply', locale) };
    return { kind, label, spoken, href: mailtoLink(draft), order: '' };
  }
  const order = commandLine(kind, argument, locale);
  const about = withoutTicket.has(kind) ? null : ticket;
  // To be completed by hand: nobody but the reader knows the company, or the client's address.
  const isOpen = argument === null && (kind === 'accept' || kind === 'open_for');
  const first = isOpen ? commandUsage(kind, locale) : order;
  const draft = (text: readonly string[]): LinkDraft => ({
    to,
    cc: null,
    lead: buttonSubject(kind, argument, about?.number ?? null, locale),
    rest: about?.subject ?? '',
    token,
    body: [first, ...text, ...space(kind === 'close' ? 'solution' : 'reply', locale)],
  });
  const href = mailtoLink(draft([]), button.text === undefined ? null : draft(written(button.text)));
  return { kind, label, spoken, href, order };
}

/** Staff write to the client directly, the desk in Cc and the tag in the subject; no token leaves the staff. */
function writeClient(ticket: TicketView, { deskAddress, locale }: ButtonFrame): ShownButton {
  const href = mailtoLink({
    to: ticket.requester.email,
    cc: deskAddress,
    lead: tag(ticket.number),
    rest: ticket.subject,
    token: null,
    body: [],
  });
  return { kind: 'write_client', label: buttonLabel('write_client', locale), spoken: '', href, order: '' };
}

/** A mail's text as a draft repeats it: without control characters, and without a line that would end the text read. */
function written(text: string): string[] {
  return text
    .split('\n')
    .map(oneLine)
    .filter((line) => !isMarkerLine(line));
}

function space(kind: 'reply' | 'solution', locale: Locale): string[] {
  return ['', '', '', '', markerLine(kind, locale), ''];
}
