import { type CommandSyntax, withDefaults } from '../grammar/syntax.ts';
import { commandNames, type CommandName } from '../kinds.ts';
import { accept } from './answers/accept.ts';
import { confirm } from './answers/confirm.ts';
import { discard } from './answers/discard.ts';
import { reject } from './answers/reject.ts';
import { retry } from './answers/retry.ts';
import type { CommandEntry } from './command.ts';
import { help } from './requests/help.ts';
import { history } from './requests/history.ts';
import { list } from './requests/list.ts';
import { openFor } from './requests/open-for.ts';
import { category } from './record/category.ts';
import { mode } from './record/mode.ts';
import { priority } from './record/priority.ts';
import { time } from './record/time.ts';
import { assign } from './ticket/assign.ts';
import { close } from './ticket/close.ts';
import { merge } from './ticket/merge.ts';
import { note } from './ticket/note.ts';
import { reopen } from './ticket/reopen.ts';
import { takeOver } from './ticket/take-over.ts';
import { take } from './ticket/take.ts';
import { undo } from './ticket/undo.ts';

/** The commands the desk carries out, a file each. The first phrase of each language is the one buttons write. */
const commands: readonly CommandEntry[] = [
  take,
  close,
  note,
  reopen,
  assign,
  takeOver,
  merge,
  undo,
  category,
  priority,
  time,
  mode,
  openFor,
  list,
  history,
  help,
  accept,
  reject,
  confirm,
  retry,
  discard,
];

/** The same by name, in the order of the help mail, with what their files leave out. */
export const commandsByName: ReadonlyMap<CommandName, CommandEntry & CommandSyntax> = new Map(
  commands
    .toSorted((one, other) => commandNames.indexOf(one.name) - commandNames.indexOf(other.name))
    .map((entry) => [entry.name, { ...withDefaults(entry), opposites: oppositesOf(entry) }]),
);

/** Two commands exclude each other if either of them says so. */
function oppositesOf({ name, opposites = [] }: CommandEntry): CommandName[] {
  const others = commands.filter((other) => other.opposites?.includes(name) === true);
  return [...new Set([...opposites, ...others.map((other) => other.name)])];
}
