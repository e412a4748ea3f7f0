import { commandLine, commandUsage, helpLines } from '../core/commands/commands.ts';
import { eventKindOf } from '../core/commands/events.ts';
import { oneLine } from '../core/letters/clean.ts';
import { isMarkerLine } from '../core/letters/marker.ts';
import { tag } from '../core/message/thread.ts';
import {
  contractWords,
  minutesInWords,
  modeWords,
  priorityWords,
  roleWords,
  stateWords,
} from '../core/words/words.ts';
import type { Locale } from '../core/words/words.ts';
import { mailtoAddress } from './links.ts';
import { plain, shapeOf } from './check/shape.ts';
import type { Kind, Shape } from './check/shape.ts';
import {
  contracts,
  roles,
  ticketStates,
  eventTypes,
  priorities,
  modes,
  commandNames,
} from '../core/kinds.ts';
import { shorten } from '../core/letters/text.ts';

/** The form of a helper, for the check. */
type HelperForm = {
  least: number;
  most: number;
  accepts: ReadonlySet<Kind>;
  /** its result; `same`: the form of its first value */
  gives: Shape | 'same';
};
export type HelperForms = ReadonlyMap<string, HelperForm>;

/** A helper: its form, and its function. Always returns something printable, never throws. */
export type Helper = HelperForm & { run: (...values: unknown[]) => unknown };

const text = plain('text');
const link = shapeOf(['mailto:anna@rossi.example']);
const texts = shapeOf([['a line']]);
const flag = plain('flag');

/**
 * The helpers of the templates. Dates and numbers are set in the language and time zone given here.
 * @param timeZone IANA name
 * @throws RangeError where there is no such time zone
 */
export function makeHelpers(locale: Locale, timeZone: string): Map<string, Helper> {
  const language = locale === 'it' ? 'it-IT' : 'en-GB';
  const long = new Intl.DateTimeFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  });
  const short = new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone,
  });
  const hour = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', timeZone });
  const moment = (day: Intl.DateTimeFormat, value: unknown): string =>
    value instanceof Date && !Number.isNaN(value.getTime())
      ? `${day.format(value)}, ${hour.format(value)}`
      : '';
  const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const and = new Intl.ListFormat(language, { type: 'conjunction' });
  const or = new Intl.ListFormat(language, { type: 'disjunction' });
  const spoken = (value: unknown, argument: unknown = null): string => {
    const name = commandNames.find((known) => known === value);
    return name === undefined
      ? ''
      : commandLine(name, typeof argument === 'string' ? argument : null, locale);
  };
  const [opening, closing] = locale === 'it' ? (['«', '»'] as const) : (['“', '”'] as const);
  const usages = (values: unknown): string[] =>
    listOf(values).map((value) => {
      const name = commandNames.find((known) => known === value);
      return opening + (name === undefined ? '' : commandUsage(name, locale)) + closing;
    });

  return new Map<string, Helper>([
    // martedì 24 novembre 2026, 10:49
    ['date', one('moment', text, (value) => moment(long, value))],
    // 24 nov 2026, 10:49
    ['shortDate', one('moment', text, (value) => moment(short, value))],
    // 24 nov 2026
    [
      'day',
      one('moment', text, (value) =>
        value instanceof Date && !Number.isNaN(value.getTime()) ? short.format(value) : '',
      ),
    ],
    // its values one after the other, as one line of a few words
    [
      'line',
      {
        least: 1,
        most: Number.POSITIVE_INFINITY,
        accepts: new Set<Kind>(['text']),
        gives: text,
        run: (...values) => shorten(oneLine(values.filter((v) => typeof v === 'string').join('')), 140),
      },
    ],
    ['size', one('number', text, (value) => sizeOf(value, decimal))],
    ['tag', one('number', text, (value) => (typeof value === 'number' ? tag(value) : ''))],
    ['lines', one('text', texts, (value) => linesOf(value))],
    ['indent', one('text', text, (value) => indented(value))],
    ['count', one('list', plain('number'), (value) => listOf(value).length)],
    ['joined', one('list', text, (value) => and.format(listOf(value).map(String)))],
    // Anna Rossi <anna@rossi.it>
    ['person', one('object', text, (value) => personOf(value))],
    // Anna Rossi, or the address where there is no name
    // mailto:anna@rossi.it
    ['mailto', one('text', link, (value) => mailtoAddress(typeof value === 'string' ? oneLine(value) : ''))],
    ['shortName', one('object', text, (value) => fieldOf(value, 'name') || fieldOf(value, 'email'))],
    ['queueName', one('object', text, (value) => fieldOf(value, 'name') || fieldOf(value, 'address'))],
    [
      'contractNames',
      one('list', text, (value) =>
        and.format(
          contracts.filter((name) => listOf(value).includes(name)).map((name) => contractWords[name][locale]),
        ),
      ),
    ],
    ['stateName', one('text', text, (value) => wordOf(ticketStates, stateWords, value, locale))],
    ['priorityName', one('text', text, (value) => wordOf(priorities, priorityWords, value, locale))],
    ['modeName', one('text', text, (value) => wordOf(modes, modeWords, value, locale))],
    // 1 h 30 min; nothing for 0
    [
      'minutes',
      one('number', text, (value) => (typeof value === 'number' && value > 0 ? minutesInWords(value) : '')),
    ],
    ['roleName', one('text', text, (value) => wordOf(roles, roleWords, value, locale))],
    [
      'eventName',
      one('text', text, (value) => {
        const name = eventTypes.find((known) => known === value);
        return name === undefined ? '' : eventKindOf(name).words[locale];
      }),
    ],
    // chiudere; with a second value its argument: rifiuta sempre
    ['commandWords', { least: 1, most: 2, accepts: new Set<Kind>(['text']), gives: text, run: spoken }],
    // accetta NOME AZIENDA
    [
      'commandUsage',
      one('text', text, (value) => {
        const name = commandNames.find((known) => known === value);
        return name === undefined ? '' : commandUsage(name, locale);
      }),
    ],
    // the full stop of a sentence that ends with this: none after `S.r.l.`
    ['stop', one('text', text, (value) => (typeof value === 'string' && value.endsWith('.') ? '' : '.'))],
    // contatore.jpg (1,2 MB), schermata.png (80 kB)
    [
      'fileNames',
      one('list', text, (value) =>
        listOf(value)
          .map((file) => `${fieldOf(file, 'filename')} (${sizeOf(valueOf(file, 'size'), decimal)})`)
          .join(', '),
      ),
    ],
    // Anna o Bruno
    ['either', one('list', text, (value) => or.format(listOf(value).map(String)))],
    // «chiudere» o «tempo DURATA»
    ['commandChoice', one('list', text, (value) => or.format(usages(value)))],
    // «chiudere» e «tempo 30m»: lines as they are written
    [
      'quoted',
      one('list', text, (value) =>
        and.format(listOf(value).map((line) => `${opening}${String(line)}${closing}`)),
      ),
    ],
    // what a role may write, and what it does
    ['commandHelp', one('text', shapeOf([[{ write: '', does: '' }]]), (value) => helpOf(value, locale))],
    // the buttons that order something
    [
      'orders',
      one('list', 'same', (value) => listOf(value).filter((button) => fieldOf(button, 'order') !== '')),
    ],
    // whether the first value equals one of the others
    [
      'is',
      {
        least: 2,
        most: Number.POSITIVE_INFINITY,
        accepts: new Set<Kind>(['text', 'number', 'flag']),
        gives: flag,
        run: (value, ...others) => others.includes(value),
      },
    ],
  ]);
}

function one(kind: Kind, gives: Shape | 'same', run: (value: unknown) => unknown): Helper {
  return { least: 1, most: 1, accepts: new Set([kind]), gives, run };
}

/** Its lines, for `<br>` between them. */
function linesOf(value: unknown): string[] {
  // Leading spaces are kept with characters, not with CSS that Outlook ignores.
  return writtenLines(value).map((line) =>
    line.replaceAll('\t', '    ').replace(/^ +/u, (spaces) => '\u00a0'.repeat(spaces.length)),
  );
}

/** The lines of a text but for marker lines of ours that it quotes: a mail has one, above which it is answered. */
function writtenLines(value: unknown): string[] {
  return typeof value === 'string' ? value.split('\n').filter((line) => !isMarkerLine(line)) : [];
}

/** Four spaces before each line that is not empty: what a person wrote stands apart from our own words. */
function indented(value: unknown): string {
  return writtenLines(value)
    .map((line) => (line.trim() === '' ? '' : `    ${line.trimEnd()}`))
    .join('\n');
}

function helpOf(value: unknown, locale: Locale): { write: string; does: string }[] {
  const role = roles.find((name) => name === value);
  if (role === undefined) return [];
  return helpLines(role, locale).map((line) => {
    const [write = '', ...does] = line.split(': ');
    return { write, does: does.join(': ') };
  });
}

function personOf(value: unknown): string {
  const name = fieldOf(value, 'name');
  const email = fieldOf(value, 'email');
  return name === '' ? email : `${name} <${email}>`;
}

function sizeOf(value: unknown, decimal: Intl.NumberFormat): string {
  if (typeof value !== 'number') return '';
  if (value < 1000) return `${decimal.format(value)} byte`;
  if (value < 1_000_000) return `${decimal.format(Math.round(value / 1000))} KB`;
  return `${decimal.format(value / 1_000_000)} MB`;
}

function wordOf<K extends string>(
  names: readonly K[],
  words: Record<K, Record<Locale, string>>,
  value: unknown,
  locale: Locale,
): string {
  const name = names.find((known) => known === value);
  return name === undefined ? '' : words[name][locale];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, field: 'name' | 'email' | 'address' | 'order' | 'filename'): string {
  const entry = valueOf(value, field);
  return typeof entry === 'string' ? entry : '';
}

function valueOf(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === field)?.[1];
}
