import { commandLine, commandUsage, isAboutTicket, mayCommand } from '../core/commands/commands.ts';
import { withoutTokens } from '../core/address/reply-token.ts';
import type { HeldLine, Mail, QuarantineLine, TicketView } from '../core/ticket/template-views.ts';
import type { FoldItem } from '../core/ticket/decision.ts';
import { type Locale, markerLine } from '../core/words/words.ts';
import { drawButton } from './buttons.ts';
import type { ReplyAddress, ShownButton } from './buttons.ts';
import { cleanText } from './clean.ts';
import { Verbatim } from './verbatim.ts';
import { type Role, commandNames } from '../core/kinds.ts';
import type { Button } from '../core/message/orders.ts';
import { oneLine } from '../core/letters/clean.ts';

/** The addressing of a rendered mail. */
export type Frame = {
  /** the address for replies, or null if none is expected */
  replyTo: string | null;
  /** only with `REPLY_ADDRESSING=subject`: goes into the subject of the mail and of its buttons */
  token: string | null;
  /** the desk, as a bare address: stands in Cc of what staff write to a client */
  deskAddress: string;
  /** held or quarantined messages folded into one notice: each entry's own reply address, by the id of its line */
  entryReplyTo?: Readonly<Record<number, ReplyAddress>>;
  /** further texts on the ticket, listed in this mail; absent if there are none */
  below?: readonly FoldItem[];
};

/** The desk's data and settings that mails show. */
export type Surroundings = {
  locale: Locale;
  brand: {
    name: string;
    /** `#rrggbb`, dark enough for white text */
    color: string;
  };
  settings: {
    reopenDays: number;
    /** contact for strangers who want an offer, or null for the office, without an address */
    commercialContact: string | null;
    /** contact for strangers who want to be enrolled */
    accessContact: string | null;
    /** download of the program for remote assistance, or null if mails do not mention it */
    remoteAssistanceUrl: string | null;
  };
};

/** Limits on long texts (UTF-16 units) and long lists (entries) in a mail, and whether it shows a client's own HTML. */
export type Limits = { text: number; rows: number; html: boolean };

/** The data for a template: the view, made safe to show, and its surroundings. */
export type Context = Record<string, unknown>;

/** A reply token is no longer, however it is spelled. */
const longestSpelling = 4_000;

/** Fields of a view that hold several lines; everything else is shown on one. */
const severalLines = new Set(['description', 'text', 'solution', 'note']);
/** Lists that may grow long; what a mail has no room for stands in a field of the same name and `Rest`. */
const longLists = new Set(['also', 'earlierSaid', 'tickets', 'events', 'attachments', 'list']);

const cutWords: Record<Locale, string> = {
  it: '[… il testo continua: il messaggio originale è conservato per intero]',
  en: '[… the text goes on: the original message is kept in full]',
};

/**
 * Builds the context of a mail's templates. Strings of the view are cleaned here once, so that no template has to: a single
 * line each, except texts people write, and without reply tokens. Only a client's HTML that was made safe stays as it is.
 */
export function contextOf(mail: Mail, frame: Frame, around: Surroundings, limits: Limits): Context {
  const { locale, brand, settings } = around;
  const { view } = mail;
  const ticket = 'ticket' in view ? view.ticket : null;
  const toClient = mail.template === 'opened-client' || mail.template === 'closed-client';
  const own = frame.replyTo === null ? null : { replyTo: frame.replyTo, token: frame.token };
  const draw = (buttons: readonly Button[], reply: ReplyAddress | null, about = ''): ShownButton[] =>
    buttons
      .map((button) => drawButton(button, { reply, ticket, deskAddress: frame.deskAddress, locale, about }))
      .filter((button) => button !== null);

  const context = cleaned(view, limits, cutWords[locale]);
  const said = (frame.below ?? []).map(({ from, subject }) => ({ from, words: subject }));
  Object.assign(context, cleaned({ earlierSaid: said }, limits, ''));
  context['brand'] = { name: oneLine(brand.name), color: brand.color };
  context['sender'] = senderOf(oneLine(brand.name), toClient && ticket !== null ? ticket.queue.name : '');
  context['settings'] = settings;
  context['locale'] = locale;
  // only those whose contract has it are sent there
  const remote = ticket !== null && ticket.contracts.includes('remote');
  context['remoteAssistance'] = toClient && remote ? settings.remoteAssistanceUrl : null;
  // The line above which an answer is read; null where nobody waits for one.
  const answerable = toClient || (own !== null && mail.template !== 'declined-stranger');
  context['marker'] = answerable ? markerLine('reply', locale) : null;
  // in a list, the first is an entry as the others are
  const first = mail.template === 'held-staff' ? (frame.entryReplyTo?.[mail.view.id] ?? own) : own;
  if ('buttons' in view) context['buttons'] = draw(view.buttons, first);
  // rendered by the renderer of this one
  if (mail.template === 'confirm-staff')
    context['outside'] = mail.view.outside.map(({ to }) => ({ to, subject: '', text: '' }));
  if ('clientHtml' in view)
    context['clientHtml'] = view.clientHtml !== null && limits.html ? new Verbatim(view.clientHtml) : null;
  // what a mail program shows of the mail before it is opened, where its template says
  context['preheader'] = null;
  if ('buttons' in view && ticket !== null) {
    // A link of its own, for those whose mail has no such button.
    const drawn = view.buttons.some(({ kind }) => kind === 'write_client');
    context['writeClient'] = drawn
      ? null
      : (draw([{ kind: 'write_client', argument: null }], null)[0] ?? null);
    context['history'] = draw([{ kind: 'history', argument: String(ticket.number) }], own)[0] ?? null;
    if ('role' in view) context['further'] = furtherCommands(view.role, ticket, view.buttons, locale);
  }
  if (mail.template === 'receipt-staff') {
    const held = mail.view.held.map((entry) => ({
      ...entry,
      buttons: draw(entry.buttons, frame.entryReplyTo?.[entry.id] ?? own, nameOfEntry(entry)),
    }));
    Object.assign(context, cleaned({ held }, limits, ''));
  }
  if (mail.template === 'held-staff' || mail.template === 'quarantine-administrator') {
    const buttons = entryButtons[mail.template];
    const entries = mail.view.also.map((entry) => ({
      ...entry,
      buttons: draw(buttons, frame.entryReplyTo?.[entry.id] ?? null, nameOfEntry(entry)),
    }));
    Object.assign(context, cleaned({ also: entries }, limits, ''));
  }
  return context;
}

/** The signature: the company, and for clients the queue they wrote to, whose name may contain the company's. */
function senderOf(company: string, queue: string): string {
  const name = oneLine(queue);
  if (name === '' || company.toLowerCase().includes(name.toLowerCase())) return company;
  return name.toLowerCase().includes(company.toLowerCase()) ? name : `${company} · ${name}`;
}

/** The name that distinguishes an entry of a folded notice. */
function nameOfEntry({ id, from }: Pick<HeldLine, 'id' | 'from'> | QuarantineLine): string {
  return typeof from === 'string' ? String(id) : from.name || from.email;
}

/** The buttons of each entry of a folded notice. */
const entryButtons: Record<'held-staff' | 'quarantine-administrator', Button[]> = {
  'held-staff': [
    { kind: 'accept', argument: null },
    { kind: 'reject', argument: null },
  ],
  'quarantine-administrator': [
    { kind: 'retry', argument: null },
    { kind: 'discard', argument: null },
  ],
};

/** The words of the commands allowed on this ticket that have no button in its mail. */
function furtherCommands(
  role: Role,
  ticket: TicketView,
  buttons: readonly Button[],
  locale: Locale,
): string[] {
  const outOfPlace = new Set<Button['kind']>([
    'undo',
    ...(ticket.state === 'closed'
      ? (['take', 'close', 'assign', 'take_over', 'merge'] as const)
      : (['reopen'] as const)),
    ...(ticket.assignee === null ? (['take_over'] as const) : []),
    ...buttons.map(({ kind }) => kind),
  ]);
  return commandNames
    .filter((name) => isAboutTicket(name) && mayCommand(role, name) && !outOfPlace.has(name))
    .map((name) => commandUsage(name, locale))
    .concat(commandLine('history', String(ticket.number), locale));
}

function cleaned(fields: object, limits: Limits, cut: string): Context {
  const context: Context = {};
  for (const [key, value] of Object.entries(fields)) {
    if (Array.isArray(value) && longLists.has(key)) {
      context[key] = value.slice(0, limits.rows).map((entry) => cleanedValue(key, entry, limits, cut));
      context[`${key}Rest`] = value.slice(limits.rows).map((entry) => cleanedValue(key, entry, limits, cut));
    } else {
      context[key] = cleanedValue(key, value, limits, cut);
    }
  }
  return context;
}

function cleanedValue(key: string, value: unknown, limits: Limits, cut: string): unknown {
  if (typeof value === 'string') {
    // the link of a button of ours, drawn by now, carries the token that its answer needs
    if (key === 'href') return oneLine(value);
    if (!severalLines.has(key)) return oneLine(withoutTokens(value));
    // what is not shown need not be looked through; a token across the cut is found before it is cut
    const begun = cleanText(value, limits.text + longestSpelling, cut);
    return cleanText(withoutTokens(begun), limits.text, cut);
  }
  if (Array.isArray(value)) return value.map((entry) => cleanedValue(key, entry, limits, cut));
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    return cleaned(value, limits, cut);
  }
  return value;
}
