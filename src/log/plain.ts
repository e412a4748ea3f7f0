/** The log as people read it: a line an event, in the words of `kticket log`. */
import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { dispositions, outboxStates } from '../core/kinds.ts';
import {
  durationInWords,
  hasMailWords,
  mailInWords,
  messageInWords,
  type Needed,
  outageBegins,
  outageEnds,
  saidInFull,
} from '../core/ticket/journal-words.ts';
import { visible } from './visible.ts';

/** How the log is written. `journald`: systemd adds the time, and reads a priority before each line. */
export type LogStyle = { format: 'json' } | { format: 'plain'; timeZone: string; journald: boolean };

/**
 * The style of the log on standard error: as asked, else plain on a terminal and under journald, and JSON for programs.
 * @param asked LOG_FORMAT, or null where it is not set
 */
export function styleOfLog(asked: 'json' | 'plain' | null, timeZone: string): LogStyle {
  if (asked === 'json') return { format: 'json' };
  const journald = isJournal(2, process.env['JOURNAL_STREAM']);
  const forPeople = asked === 'plain' || journald || isatty(2);
  return forPeople ? { format: 'plain', timeZone, journald } : { format: 'json' };
}

/**
 * Whether a stream leads to systemd's journal: its device and inode are those that JOURNAL_STREAM names (sd_journal(3),
 * systemd.exec(5)). A process that the service starts inherits the variable, also where its stream leads elsewhere.
 */
function isJournal(stream: number, named: string | undefined): boolean {
  if (named === undefined) return false;
  try {
    const { dev, ino } = fstatSync(stream, { bigint: true });
    return named === `${dev}:${ino}`;
  } catch {
    // closed, it leads nowhere
    return false;
  }
}

/** The priority of a level, as sd-daemon(3) numbers them. */
const priorities = new Map([
  ['trace', 7],
  ['debug', 7],
  ['info', 6],
  ['warn', 4],
  ['error', 3],
  ['fatal', 2],
]);

/** An event of the log, as JSON holds it. */
type Event = Record<string, unknown>;

/** An event as one line, safe to print. What wants somebody is marked with `!`, or by its priority under journald. */
export function plainLine(event: Event, style: { timeZone: string; journald: boolean }): string {
  const priority = priorities.get(text(event['level'])) ?? 6;
  const ticket = typeof event['ticket'] === 'number' ? `#${event['ticket']}` : '';
  const words = visible(inWords(event));
  if (style.journald) return `<${priority}>${ticket === '' ? '' : `${ticket}  `}${words}\n`;
  const at = localTime(new Date(text(event['time'])), style.timeZone);
  return `${at} ${priority <= 4 ? '!' : ' '} ${ticket.padEnd(7)} ${words}\n`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A time as the desk's people read it: `2026-12-01 09:14:03`. */
export function localTime(at: Date, timeZone: string): string {
  const format =
    formats.get(timeZone) ??
    // of all languages Swedish writes times as ISO 8601 does
    new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'medium', timeZone });
  formats.set(timeZone, format);
  return format.format(at);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function inWords(event: Event): string {
  for (const said of [ofMessage, ofMail, ofOutage, ofStart, ofTotals, ofAlert, ofMailbox]) {
    const words = said(event);
    if (words !== null) return words;
  }
  return withFields(event);
}

function ofMessage(event: Event): string | null {
  const disposition = dispositions.find((one) => one === event['disposition']);
  if (typeof event['message'] !== 'number') return null;
  if (disposition === undefined)
    return `message ${event['message']} could not be read, at try ${String(event['attempts'])}: ${text(event['error'])}`;
  const from = event['from'];
  const message = {
    id: event['message'],
    ...(typeof from === 'string' || from === null ? { from } : {}),
  };
  const said = messageInWords(message, disposition, text(event['reason']) || null);
  return saidInFull(said, idOf(event));
}

function ofMail(event: Event): string | null {
  const state = outboxStates.find((one) => one === event['state']);
  const template = text(event['template']);
  const id = event['outbox'];
  if (state === undefined || !hasMailWords(template) || typeof id !== 'number') return null;
  const said = mailInWords({
    ids: [id],
    template,
    to: [text(event['to'])],
    state,
    error: text(event['error']) || null,
  });
  return saidInFull(said, idOf(event));
}

const idOf = ({ messageId }: Event): string | null => (typeof messageId === 'string' ? messageId : null);

function ofOutage(event: Event): string | null {
  const loop = text(event['loop']);
  if (loop === '') return null;
  const part = neededBy(loop);
  const { seconds, waited } = event;
  if (typeof seconds === 'number' && typeof waited === 'number')
    return part === null
      ? `${loop} works again after ${durationInWords(seconds)}`
      : outageEnds(part, seconds, waited);
  const said = text(event['msg']);
  return part === null ? `${loop} failed and is tried again: ${said}` : outageBegins(part, said);
}

/** What a loop of the worker cannot do without, or null where it has a trouble of its own. */
function neededBy(loop: string): Needed | null {
  if (loop === 'database') return { what: 'database' };
  if (loop.startsWith('reading ')) return { what: 'mailbox', name: loop.slice('reading '.length) };
  if (loop === 'sending') return { what: 'smtp', name: null };
  if (loop.startsWith('sending for ')) return { what: 'smtp', name: loop.slice('sending '.length) };
  return null;
}

function ofStart({ msg, desk, mailboxes, smtp, database }: Event): string | null {
  if (!Array.isArray(mailboxes)) return null;
  // the second line of a start repeats the first
  if (desk === undefined) return text(msg);
  return `${text(msg)} for ${text(desk)}: it reads ${mailboxes.join(' and ')}, sends by ${text(smtp)}, and keeps everything in ${text(database)}`;
}

function ofTotals({ cameIn, incoming, outgoing }: Event): string | null {
  if (typeof cameIn !== 'number') return null;
  return `so far ${cameIn} messages came in${counted(incoming)}; mails of the desk${counted(outgoing) || ': none'}`;
}

/** `: 4 opened, 1 held`, or nothing where there is none. */
function counted(counts: unknown): string {
  if (typeof counts !== 'object' || counts === null) return '';
  const parts = Object.entries(counts)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${String(count)} ${name.replaceAll('_', ' ')}`);
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function ofAlert({ part, by, recipients }: Event): string | null {
  if (typeof recipients !== 'number') return null;
  const who = recipients === 1 ? 'one administrator was' : `${recipients} administrators were`;
  return `${who} told by mail that ${text(part)} does not work (sent by ${text(by)})`;
}

function ofMailbox({ msg, mailbox }: Event): string | null {
  return typeof mailbox === 'string' ? `mailbox ${mailbox}: ${text(msg)}` : null;
}

/** What every event has, or what stands elsewhere in its line. */
const elsewhere = new Set(['level', 'time', 'msg', 'ticket']);

/** Any other event: its words, and what else it says. */
function withFields(event: Event): string {
  const fields = Object.entries(event)
    .filter(([name]) => !elsewhere.has(name))
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`);
  return text(event['msg']) + (fields.length === 0 ? '' : ` (${fields.join('; ')})`);
}
