import type { Argument } from '../grammar/arguments.ts';
import { commandsByName } from './table.ts';
import { type Locale, writeWords } from '../words/words.ts';
import { type Role, type CommandName } from '../kinds.ts';
import type { Button } from '../message/orders.ts';
import type { CommandEntry } from './command.ts';
import type { CommandSyntax } from '../grammar/syntax.ts';

/** True if the role may give the command. */
export function mayCommand(role: Role, name: CommandName): boolean {
  return commandsByName.get(name)?.roles.includes(role) ?? false;
}

/** True if the text after a command belongs to it. */
export function takesText(name: CommandName): boolean {
  return entryOf(name).textFor !== 'nobody';
}

/** True if a command is about a ticket, and therefore needs its token. */
export function isAboutTicket(name: CommandName): boolean {
  return commandsByName.get(name)?.about === 'ticket';
}

/** The words buttons write for a command: its first phrase. */
export function openWords(name: CommandName, locale: Locale): string {
  const [first] = entryOf(name).phrases[locale];
  if (first === undefined) throw new Error(`the command ${name} has no phrase in ${locale}`);
  return first;
}

/** The line that gives a command with its argument: `rifiuta sempre`, `accetta Rossi S.p.A.`. */
export function commandLine(name: CommandName, argument: string | null, locale: Locale): string {
  const words = openWords(name, locale);
  return argument === null ? words : `${words} ${writtenArgument(entryOf(name).argument, argument, locale)}`;
}

/**
 * The subject a button writes, for mail programs that drop the body; `readCommands` reads it back.
 * @param ticket number of the ticket it is about, or null for none
 */
export function buttonSubject(
  name: CommandName,
  argument: string | null,
  ticket: number | null,
  locale: Locale,
): string {
  const line = commandLine(name, argument, locale);
  return ticket === null ? line : `${line} [#${ticket}]`;
}

/** The label of a button. */
export function buttonLabel(kind: Button['kind'], locale: Locale, argument: string | null = null): string {
  if (kind === 'write_staff' || kind === 'write_client') return writeWords[kind][locale];
  const { label, argument: takes } = entryOf(kind);
  return argument === null ? label[locale] : `${label[locale]} ${writtenArgument(takes, argument, locale)}`;
}

/** Usage of a command with its argument: `accetta NOME AZIENDA`. */
export function commandUsage(name: CommandName, locale: Locale): string {
  const { argument } = entryOf(name);
  return argument === null ? openWords(name, locale) : `${openWords(name, locale)} ${argument.shown[locale]}`;
}

/** Lines of the help mail, one for each command the role may give: words to write, and their effect. */
export function helpLines(role: Role, locale: Locale): string[] {
  return Array.from(commandsByName, ([name, entry]) => ({ name, entry }))
    .filter(({ entry }) => entry.roles.includes(role))
    .map(({ name, entry }) => `${commandUsage(name, locale)}: ${entry.help[locale]}`);
}

function writtenArgument(takes: Argument | null, argument: string, locale: Locale): string {
  return takes?.write?.(argument, locale) ?? argument;
}

/**
 * Entry of a command.
 * @throws if it is only in the contract and no mail can say it yet: a bug
 */
export function entryOf(name: CommandName): CommandEntry & CommandSyntax {
  const entry = commandsByName.get(name);
  if (entry === undefined)
    throw new Error(`the command ${name} is not in the table: nothing can write or read it yet`);
  return entry;
}
